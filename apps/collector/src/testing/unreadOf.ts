import type { Stored } from "./testCollector.ts";

/** The requests that a collector reported to the ledger as unreadable, by source and reason, sorted by source. */
export function unreadOf({ ledger }: { ledger: readonly Stored[] }): { source: string; reason: string }[] {
  const unread = ledger.flatMap(({ rows }) => rows.filter(({ fate }) => fate === "unread"));
  return unread
    .map(({ source, reason }) => ({ source: String(source), reason: String(reason) }))
    .toSorted((a, b) => a.source.localeCompare(b.source));
}
