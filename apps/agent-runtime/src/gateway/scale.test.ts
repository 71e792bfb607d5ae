import { expect, test } from "vitest";
import { scaleOf } from "./scale.ts";

test.each([
  [{ waiting: 0, active: 0, delayed: 9 }, 0],
  [{ waiting: 0, active: 1, delayed: 0 }, 1],
  [{ waiting: 16, active: 16, delayed: 0 }, 2],
  [{ waiting: 17, active: 16, delayed: 0 }, 3],
])("for %o there is work for %i workers of 16 tasks", (depth, workersWanted) => {
  expect(scaleOf(depth, 16)).toEqual({ ...depth, tasksPerWorker: 16, workersWanted });
});
