import { expect, test } from "vitest";
import { killPlan, victimsOf } from "./killPlan.ts";

const SIZE = { tasks: 5_000, kills: 50, queue: "postgres" as const };

test("the same seed gives the same plan, another seed another", () => {
  expect(killPlan(7, SIZE)).toEqual(killPlan(7, SIZE));
  expect(killPlan(7, SIZE)).not.toEqual(killPlan(8, SIZE));
});

test("it kills as often as it was told, every part, in each stretch of the tasks", () => {
  const plan = killPlan(7, SIZE);
  expect(plan).toHaveLength(50);
  expect(new Set(plan.slice(0, 8).map(({ victim }) => victim))).toEqual(new Set(victimsOf("postgres")));
  const moments = plan.map(({ afterTasks }) => afterTasks);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  for (const from of [1, 1_251, 2_501, 3_751]) expect(moments.some((moment) => moment >= from && moment < from + 1_250)).toBe(true);
  expect(moments.at(-1)).toBeLessThanOrEqual(5_000);
});

test("PostgreSQL is killed also where the queue is in Redis", () => {
  const inRedis = killPlan(7, { ...SIZE, queue: "redis" });
  expect(new Set(inRedis.slice(0, 9).map(({ victim }) => victim))).toEqual(new Set([...victimsOf("postgres"), "postgres"]));
});
