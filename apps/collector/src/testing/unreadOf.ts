import type { Stored } from "./testCollector.ts";

/** The requests that a collector has told the ledger it could not read, by where they came and why, in the order of their sources. */
export function unreadOf({ ledger }: { ledger: readonly Stored[] }): { source: string; reason: string }[] {
  const unread = ledger.flatMap(({ rows }) => rows.filter(({ fate }) => fate === "unread"));
  return unread
    .map(({ source, reason }) => ({ source: String(source), reason: String(reason) }))
    .toSorted((a, b) => a.source.localeCompare(b.source));
}
