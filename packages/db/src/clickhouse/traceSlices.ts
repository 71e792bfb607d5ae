import type { TimeWindow } from "@signalbox/model";
import type { TraceListQuery } from "./traceList.ts";

const HOUR_NS = 3_600_000_000_000n;

/** How much longer each slice is than the one before it. */
const GROWTH = 8n;

/**
 * The window of a list in slices, from where its page begins and each longer than the one before: a page that is full costs what lies near
 * it, and one that is not costs hardly more than the whole window at once.
 */
export function* slicesOf(
  { window, cursor, direction }: Pick<TraceListQuery, "window" | "cursor" | "direction">,
  firstHours: number,
): Generator<TimeWindow> {
  const [from, to] = [BigInt(window.from), BigInt(window.to)];
  const at = cursor === null ? undefined : BigInt(cursor.startTimeUnixNano);
  let length = BigInt(firstHours) * HOUR_NS;
  if (direction === "older") {
    for (let end = at === undefined || at >= to ? to : at + 1n; end > from; length *= GROWTH) {
      const start = end - length > from ? end - length : from;
      yield { from: String(start), to: String(end) };
      end = start;
    }
  } else {
    for (let start = at === undefined || at < from ? from : at; start < to; length *= GROWTH) {
      const end = start + length < to ? start + length : to;
      yield { from: String(start), to: String(end) };
      start = end;
    }
  }
}
