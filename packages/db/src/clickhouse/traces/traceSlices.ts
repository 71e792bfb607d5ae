import type { TimeWindow } from "@signalbox/model";
import type { TraceListQuery } from "./traceList.ts";

/** A slice answered within `SOON_MS` may be followed by a much longer one; one that took more than `WHILE_MS` is not. */
const SOON_MS = 100;
const WHILE_MS = 1_000;

/** A slice that was too much to read is retried at this fraction of its length, down to a second. */
const SHRINKS_BY = 8n;
const SLICE_NS_MIN = 1_000_000_000n;

/** The length of a window's first slice, and the growth of the next one after a fast answer. */
export type Slicing = { firstHours: number; growth: bigint };

/** The number of rows that arrived for a minute, by its start in seconds since 1970. Rows sent again count again. */
export type MinuteArrivals = { minute: number; rows: number };

const secondsOf = (unixNano: string): number => Number(BigInt(unixNano) / 1_000_000_000n);

/** In dense data, too, a slice may be answered fast because it happened to hold few spans. */
const DENSE_GROWTH = 8n;

/**
 * The slicing for dense data: the first slice is no longer than about `rowsMax` rows take. Within a minute rows are taken to
 * be spread evenly, up to `now` (seconds since 1970), except for a first minute that is over: where its rows end is unknown,
 * so the slice contains it whole. `first` is the slice that would otherwise be first, `arrivals` are those of its minutes.
 */
export function withFirstRows(
  slicing: Slicing,
  rowsMax: number,
  first: TimeWindow,
  { direction }: Pick<TraceListQuery, "direction">,
  arrivals: readonly MinuteArrivals[],
  now: number,
): Slicing {
  const isOlder = direction === "older";
  const [from, to] = [secondsOf(first.from), secondsOf(first.to)];
  let left = rowsMax;
  for (const [index, { minute, rows }] of arrivals.toSorted((a, b) => (isOlder ? b.minute - a.minute : a.minute - b.minute)).entries()) {
    if (rows < left) {
      left -= rows;
      continue;
    }
    const [begin, end] = [Math.max(minute, from), Math.min(minute + 60, to, Math.max(minute + 1, now))];
    const isOver = isOlder ? minute + 60 <= Math.min(now, to) : begin > from;
    const used = (end - begin) * (index === 0 && isOver ? 1 : left / rows);
    const seconds = isOlder ? to - (end - used) : begin + used - from;
    return {
      firstHours: Math.min(slicing.firstHours, Math.max(1, seconds) / 3_600),
      growth: slicing.growth < DENSE_GROWTH ? slicing.growth : DENSE_GROWTH,
    };
  }
  return slicing;
}

/** The outcome of a slice: the time its answer took, or that it was too much. */
export type SliceOutcome = { tookMs: number } | "too much";

function growthAfter(outcome: { tookMs: number }, { growth }: Slicing): bigint {
  if (outcome.tookMs <= SOON_MS) return growth;
  return outcome.tookMs <= WHILE_MS ? 2n : 1n;
}

/**
 * The window of a list in slices, from the page's start on, each longer than the one before as long as answers are fast: a full
 * page costs only what lies near it, and one that does not fill costs hardly more than reading the whole window at once. `next`
 * receives the outcome of a slice; one that was too much is repeated, shorter. The slices end where even the shortest is too much.
 */
export function* slicesOf(
  { window, cursor, direction }: Pick<TraceListQuery, "window" | "cursor" | "direction">,
  slicing: Slicing,
): Generator<TimeWindow, void, SliceOutcome> {
  const [from, to] = [BigInt(window.from), BigInt(window.to)];
  const at = cursor === null ? undefined : BigInt(cursor.startTimeUnixNano);
  const isOlder = direction === "older";
  let [start, end] = isOlder ? [from, at === undefined || at >= to ? to : at + 1n] : [at === undefined || at < from ? from : at, to];
  let length = BigInt(Math.round(slicing.firstHours * 3_600)) * 1_000_000_000n;
  while (start < end) {
    const edge = isOlder ? (end - length > start ? end - length : start) : start + length < end ? start + length : end;
    const outcome = yield isOlder ? { from: String(edge), to: String(end) } : { from: String(start), to: String(edge) };
    if (outcome === "too much") {
      // The window may have cut it.
      const asked = isOlder ? end - edge : edge - start;
      if (asked <= SLICE_NS_MIN) return;
      length = asked / SHRINKS_BY;
      continue;
    }
    if (isOlder) end = edge;
    else start = edge;
    length *= growthAfter(outcome, slicing);
  }
}
