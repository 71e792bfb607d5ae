import { expect, test } from "vitest";
import { scaleOf } from "./scale.ts";

test.each([
  [{ waiting: 0, active: 0, delayed: 9 }, 0, 0],
  [{ waiting: 0, active: 1, delayed: 0 }, 0, 1],
  [{ waiting: 16, active: 16, delayed: 0 }, 0, 2],
  [{ waiting: 17, active: 16, delayed: 0 }, 0, 3],
  [{ waiting: 0, active: 0, delayed: 0 }, 500, 1],
  [{ waiting: 17, active: 16, delayed: 0 }, 500, 3],
])("for %o, and %i that nobody serves, there is work for %i workers of 16 tasks", (depth, unserved, workersWanted) => {
  expect(scaleOf(depth, unserved, 16)).toEqual({ ...depth, tasksPerWorker: 16, workersWanted });
});
