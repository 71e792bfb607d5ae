import { expect, test } from "vitest";
import { slicesOf } from "./traceSlices.ts";

const HOUR = 3_600_000_000_000n;
const window = { from: "0", to: String(100n * HOUR) };
const hours = (query: Parameters<typeof slicesOf>[0]) =>
  [...slicesOf(query, 1)].map(({ from, to }) => [BigInt(from) / HOUR, BigInt(to) / HOUR].map(Number));

test("a window is cut from its newest end into slices that grow, and is covered whole", () => {
  expect(hours({ window, cursor: null, direction: "older" })).toEqual([
    [99, 100],
    [91, 99],
    [27, 91],
    [0, 27],
  ]);
  expect(hours({ window, cursor: null, direction: "newer" })).toEqual([
    [0, 1],
    [1, 9],
    [9, 73],
    [73, 100],
  ]);
});

test("slices begin at the cursor, whose own moment belongs to the first", () => {
  const cursor = { startTimeUnixNano: String(10n * HOUR), traceId: "a" };
  const [first] = [...slicesOf({ window, cursor, direction: "older" }, 1)];
  expect(first).toEqual({ from: String(9n * HOUR + 1n), to: String(10n * HOUR + 1n) });
  expect(hours({ window, cursor, direction: "newer" })[0]).toEqual([10, 11]);
});

test("a cursor outside of the window changes nothing on the side that it lies on", () => {
  const cursor = { startTimeUnixNano: String(200n * HOUR), traceId: "a" };
  expect(hours({ window, cursor, direction: "older" })[0]).toEqual([99, 100]);
  expect(hours({ window, cursor, direction: "newer" })).toEqual([]);
});
