import { expect, test } from "vitest";
import { narrowed, rangesOf, sweepsOf } from "./ranges.ts";

test("every task is in one range", () => {
  expect(rangesOf(0)).toEqual(["task_id >= '00000000-0000-0000-0000-000000000000'"]);
  expect(rangesOf(80_000)).toEqual([
    "task_id >= '00000000-0000-0000-0000-000000000000' AND task_id < '40000000-0000-0000-0000-000000000000'",
    "task_id >= '40000000-0000-0000-0000-000000000000' AND task_id < '80000000-0000-0000-0000-000000000000'",
    "task_id >= '80000000-0000-0000-0000-000000000000' AND task_id < 'c0000000-0000-0000-0000-000000000000'",
    "task_id >= 'c0000000-0000-0000-0000-000000000000'",
  ]);
  expect(rangesOf(1e12)).toHaveLength(65_536);
});

test("each thread has a sweep, and a log of very many decisions has none", () => {
  expect(sweepsOf(100_000, 2)).toEqual(rangesOf(40_000));
  expect(sweepsOf(1, 1)).toEqual(rangesOf(0));
  expect(sweepsOf(32_000_000, 8)).toHaveLength(32);
  expect(sweepsOf(33_000_000, 8)).toEqual([]);
});

test("ranges that have some tasks are read for these alone", () => {
  const ranges = rangesOf(80_000);
  const ids = ["c0000000-0000-0000-0000-000000000000", "3fffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000001"];
  expect(narrowed(ranges, ids)).toEqual([
    `${ranges[0]} AND task_id = ANY('{${ids[1]},${ids[2]}}')`,
    `${ranges[3]} AND task_id = ANY('{${ids[0]}}')`,
  ]);
  expect(narrowed(ranges, [])).toEqual([]);
  expect(narrowed(ranges, ["'; no id"])).toEqual(ranges);
});
