import type { TimeWindow } from "@signalbox/model";
import type { TraceListQuery } from "./traceList.ts";

/**
 * A slice that was answered so soon may be followed by a much longer one,
 * one that took longer than a while by none that is longer (milliseconds).
 */
const SOON_MS = 100;
const WHILE_MS = 1_000;

/** A slice that was too much to read is tried again as a shorter one, down to a second. */
const SHRINKS_BY = 8n;
const SLICE_NS_MIN = 1_000_000_000n;

/** How long the first slice of a window is, and how much longer the next one when it was answered soon. */
export type Slicing = { firstHours: number; growth: bigint };

/** How many rows arrived for a minute, by its start in seconds since 1970. Rows that were sent again count again. */
export type MinuteArrivals = { minute: number; rows: number };

const secondsOf = (unixNano: string): number => Number(BigInt(unixNano) / 1_000_000_000n);

/** Where spans lie densely, a slice that had few of them by chance is answered soon, too. */
const DENSE_GROWTH = 8n;

/**
 * The same slicing where spans lie densely: the first slice is no longer than it takes for about `rowsMax` rows. Within a minute
 * they are taken to lie evenly, up to `now` (seconds since 1970), but for one that comes first and is over: where in it they end
 * nobody knows, so it is in the slice whole. `first` is the slice that would be the first, `arrivals` are those of its minutes.
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

/** How a slice went: how long its answer took, or that it was too much. */
export type SliceOutcome = { tookMs: number } | "too much";

function growthAfter(outcome: { tookMs: number }, { growth }: Slicing): bigint {
  if (outcome.tookMs <= SOON_MS) return growth;
  return outcome.tookMs <= WHILE_MS ? 2n : 1n;
}

/**
 * The window of a list in slices, from where its page begins and each longer than the one before as long as answers come soon:
 * a page that is full costs what lies near it, and one that is not costs hardly more than the whole window at once. `next` is
 * told how the slice went; one that is too much comes again, shorter. The slices end where even the shortest is too much.
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
