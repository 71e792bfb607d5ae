import { expect, test } from "vitest";
import { type ChartSeries, highestOf } from "./chartSeries.ts";
import { linePath } from "./linePath.ts";
import { momentTicks } from "./momentTicks.ts";
import { alongGrid, stepAtShare } from "./timeGrid.ts";
import { countTicks, durationTicks, valueTicks } from "./valueTicks.ts";

const grid = { fromMs: 1_000, stepMs: 100, count: 4 };

test("a step without a point gets the missing value, and a point outside has no step", () => {
  const points = [
    { at: 1_100, n: 5 },
    { at: 1_350, n: 7 },
    { at: 900, n: 1 },
    { at: 1_400, n: 1 },
  ];
  expect(
    alongGrid(
      grid,
      points,
      ({ at }) => at,
      ({ n }) => n,
      null,
    ),
  ).toEqual([null, 5, null, 7]);
});

test("pointing beside the chart selects its nearest step", () => {
  expect([-1, 0, 0.3, 0.99, 1, 2].map((share) => stepAtShare(grid, share))).toEqual([0, 0, 1, 3, 3, 3]);
});

test("a line breaks where there is nothing, and a single value is a dot", () => {
  const { path, dots } = linePath([1, 2, null, 3, null, null, 4, 5], (x, y) => ({ x, y }));
  expect(path).toBe("M0.0 1.0L1.0 2.0M6.0 4.0L7.0 5.0");
  expect(dots).toEqual([{ x: 3, y: 3 }]);
  expect(linePath([9], (x, y) => ({ x, y }))).toEqual({ path: "", dots: [{ x: 0, y: 9 }] });
});

test("bars stand on one another, lines do not", () => {
  const of = (mark: ChartSeries["mark"], values: (number | null)[]): ChartSeries => ({ id: mark, label: "", tone: "", mark, values });
  expect(highestOf([of("bar", [1, 2]), of("bar", [4, null])])).toBe(5);
  expect(highestOf([of("line", [1, 2]), of("before", [4, null])])).toBe(4);
  expect(highestOf([])).toBe(0);
});

test("an axis is marked at round values, and reaches the highest one", () => {
  expect(valueTicks(0.37, 4)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  expect(valueTicks(1_000, 4)).toEqual([0, 500, 1_000]);
  expect(valueTicks(0, 4)).toEqual([0]);
  expect(countTicks(1, 4)).toEqual([0, 1]);
  expect(countTicks(7, 4)).toEqual([0, 2, 4, 6, 8]);
  expect(durationTicks(200_000, 4)).toEqual([0, 60_000, 120_000, 180_000, 240_000]);
});

const labels = (from: string, to: string, ticksMax: number) =>
  momentTicks(Date.parse(from), Date.parse(to), ticksMax, "utc").map(({ label }) => label);

test("times are marked at round hours, and a day at its beginning", () => {
  expect(labels("2026-11-25T19:10:00Z", "2026-11-26T07:10:00Z", 5)).toEqual(["21:00", "26 Nov", "03:00", "06:00"]);
  expect(labels("2026-11-25T10:00:00Z", "2026-11-25T11:00:00Z", 6)).toEqual([
    "10:00",
    "10:10",
    "10:20",
    "10:30",
    "10:40",
    "10:50",
    "11:00",
  ]);
  expect(labels("2026-10-28T12:00:00Z", "2026-11-27T12:00:00Z", 7)).toEqual(["2 Nov", "7 Nov", "12 Nov", "17 Nov", "22 Nov", "27 Nov"]);
});
