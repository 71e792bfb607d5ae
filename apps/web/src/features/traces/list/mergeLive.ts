import type { TraceRow } from "./columns/traceRow.ts";

/** The order of the list, newest first, as on the server. */
function isNewer(a: TraceRow, b: TraceRow): boolean {
  const [aStart, bStart] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return aStart > bStart || (aStart === bStart && a.traceId > b.traceId);
}

/**
 * Merges the refetched newest page with the rows on screen. `rows` are the rows on screen with their updates, none moved; `fresh` are new
 * ones that belong before the last row. `isGap` if the newest page is full and no longer overlaps the rows on screen; a page that is not
 * full may have timed out.
 */
export function mergeLive(
  shown: readonly TraceRow[],
  newest: readonly TraceRow[],
  pageRows: number,
): { rows: TraceRow[]; fresh: TraceRow[]; isGap: boolean } {
  const updates = new Map(newest.map((row) => [row.traceId, row]));
  const known = new Set(shown.map((row) => row.traceId));
  const last = shown.at(-1);
  const fresh = newest.filter((row) => !known.has(row.traceId) && (last === undefined || isNewer(row, last)));
  return {
    rows: shown.map((row) => updates.get(row.traceId) ?? row),
    fresh,
    isGap: shown.length > 0 && newest.length >= pageRows && fresh.length === newest.length,
  };
}

/** The rows on screen together with the fresh ones, in the list's order. */
export function takeIn(shown: readonly TraceRow[], fresh: readonly TraceRow[]): TraceRow[] {
  return [...fresh, ...shown].sort((a, b) => (isNewer(a, b) ? -1 : 1));
}
