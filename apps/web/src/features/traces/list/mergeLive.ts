import type { TraceRow } from "./traceRow.ts";

/** Newest first, as the server sorts. */
function isNewer(a: TraceRow, b: TraceRow): boolean {
  const [aStart, bStart] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return aStart > bStart || (aStart === bStart && a.traceId > b.traceId);
}

/**
 * What the newest page, asked again, means for the rows on screen.
 * `rows` are those on screen with what changed in them, none moved; `fresh` are the ones not on screen that belong before the last row.
 * `isGap` when the newest page is full and no longer reaches the rows on screen; one that is not may have ended because it took long.
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

/** The rows on screen and the fresh ones, in the list's order. */
export function takeIn(shown: readonly TraceRow[], fresh: readonly TraceRow[]): TraceRow[] {
  return [...fresh, ...shown].sort((a, b) => (isNewer(a, b) ? -1 : 1));
}
