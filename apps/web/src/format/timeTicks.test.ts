import { expect, test } from "vitest";
import { formatDuration } from "./duration.ts";
import { timeTicks } from "./timeTicks.ts";

const labels = (durationNs: number, ticksMax: number) => timeTicks(durationNs, ticksMax).map(formatDuration);

test("an axis counts in round steps, and its last mark lies within it", () => {
  expect(labels(257_000, 4)).toEqual(["0", "100 µs", "200 µs"]);
  expect(labels(1_000_000_000, 5)).toEqual(["0", "200 ms", "400 ms", "600 ms", "800 ms", "1 s"]);
  expect(labels(46_100_000, 6)).toEqual(["0", "10 ms", "20 ms", "30 ms", "40 ms"]);
  expect(labels(200e9, 4)).toEqual(["0", "1m 00s", "2m 00s", "3m 00s"]);
  expect(labels(5 * 3_600e9, 3)).toEqual(["0", "2h 00m", "4h 00m"]);
});

test("a narrow axis has few marks, a long one no more than fit", () => {
  expect(labels(257_000, 1)).toEqual(["0"]);
  expect(timeTicks(40 * 86_400e9, 4)).toHaveLength(5);
});

test("a trace without duration has a mark at its start only", () => {
  expect(labels(0, 5)).toEqual(["0"]);
});
