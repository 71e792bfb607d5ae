import { expect, test } from "vitest";
import { rangesOf } from "./ranges.ts";

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
