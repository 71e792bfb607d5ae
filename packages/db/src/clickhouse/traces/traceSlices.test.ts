import { expect, test } from "vitest";
import { type SliceOutcome, slicesOf, withFirstRows } from "./traceSlices.ts";

const HOUR = 3_600_000_000_000n;
const MINUTE = HOUR / 60n;
const window = { from: "0", to: String(100n * HOUR) };
const slicing = { firstHours: 1, growth: 8n };

/** The slices of a query in hours; `outcomes` are those of the first slices, the rest are answered at once. */
function hours(query: Parameters<typeof slicesOf>[0], outcomes: SliceOutcome[] = []): number[][] {
  const slices = slicesOf(query, slicing);
  const shown: number[][] = [];
  for (let slice = slices.next(); slice.done !== true; slice = slices.next(outcomes.shift() ?? { tookMs: 1 }))
    shown.push([slice.value.from, slice.value.to].map((at) => Number(BigInt(at)) / Number(HOUR)));
  return shown;
}

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
  const first = slicesOf({ window, cursor, direction: "older" }, slicing).next().value;
  expect(first).toEqual({ from: String(9n * HOUR + 1n), to: String(10n * HOUR + 1n) });
  expect(hours({ window, cursor, direction: "newer" })[0]).toEqual([10, 11]);
});

test("a cursor outside of the window changes nothing on the side that it lies on", () => {
  const cursor = { startTimeUnixNano: String(200n * HOUR), traceId: "a" };
  expect(hours({ window, cursor, direction: "older" })[0]).toEqual([99, 100]);
  expect(hours({ window, cursor, direction: "newer" })).toEqual([]);
});

test("slices that take longer grow less, and one that is too much comes again in smaller pieces", () => {
  const older = { window: { from: String(60n * HOUR), to: window.to }, cursor: null, direction: "older" } as const;
  expect(hours(older, [{ tookMs: 500 }, { tookMs: 5_000 }, { tookMs: 5_000 }]).slice(0, 4)).toEqual([
    [99, 100],
    [97, 99],
    [95, 97],
    [93, 95],
  ]);
  expect(hours(older, ["too much", { tookMs: 5_000 }]).slice(0, 3)).toEqual([
    [99, 100],
    [99.875, 100],
    [99.75, 99.875],
  ]);
});

test("a slice that its window cuts and that is too much comes again shorter than it was", () => {
  const short = { window: { from: "0", to: String(HOUR / 2n) }, cursor: null, direction: "older" } as const;
  expect(hours(short, ["too much"]).slice(0, 2)).toEqual([
    [0, 0.5],
    [0.4375, 0.5],
  ]);
});

test("where a second is too much, there is no slice any more", () => {
  const newer = { window, cursor: null, direction: "newer" } as const;
  const shown = hours(newer, Array<SliceOutcome>(20).fill("too much"));
  expect(shown.length).toBeLessThan(20);
  expect(shown.every(([from]) => from === 0)).toBe(true);
});

const MINUTES = [
  { minute: 3_480, rows: 600 },
  { minute: 3_540, rows: 400 },
];
const firstSeconds = (rowsMax: number, direction: "older" | "newer", { to = 60n * MINUTE, now = 3_599.9 } = {}): number => {
  const first = { from: String(57n * MINUTE), to: String(to) };
  return Math.round(withFirstRows(slicing, rowsMax, first, { direction }, MINUTES, now).firstHours * 3_600);
};

test("where spans lie densely the first slice ends with its rows, as far into a minute as they are of it", () => {
  expect([200, 400, 700, 1_000].map((rows) => firstSeconds(rows, "older"))).toEqual([30, 60, 90, 120]);
  expect([800, 900].map((rows) => firstSeconds(rows, "newer"))).toEqual([150, 165]);
});

test("a minute that is not over has its rows in what there is of it", () => {
  expect(firstSeconds(200, "older", { now: 3_580 })).toBe(40);
  expect(firstSeconds(200, "older", { to: 61n * MINUTE, now: 3_580 })).toBe(100);
});

test("a first minute that is over is in the first slice whole", () => {
  expect(firstSeconds(1, "older", { to: 61n * MINUTE, now: 4_000 })).toBe(120);
  expect(firstSeconds(1, "newer")).toBe(120);
});

test("where spans do not lie densely the first slice is as long as it may be", () => expect(firstSeconds(1_001, "older")).toBe(3_600));

test("where spans lie densely slices do not grow faster than eightfold", () => {
  const grown = (rowsMax: number) =>
    withFirstRows({ firstHours: 1, growth: 64n }, rowsMax, window, { direction: "older" }, MINUTES, 3_599).growth;
  expect([grown(100), grown(1_001)]).toEqual([8n, 64n]);
});
