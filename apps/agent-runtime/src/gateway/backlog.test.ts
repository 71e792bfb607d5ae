import { AppError, type Lane } from "@signalbox/model";
import { expect, test } from "vitest";
import { Backlog } from "./backlog.ts";

const LIMITS = { tasksMax: 10, projectTasksMax: 8 };

/** "taken", or in how many milliseconds to come back. */
function ask(backlog: Backlog, project: string, lane: Lane = "interactive"): "taken" | number | undefined {
  try {
    backlog.take(project, lane);
    return "taken";
  } catch (error) {
    if (error instanceof AppError && error.code === "overloaded") return error.retryAfterMs;
    throw error;
  }
}

/** A backlog whose tasks were counted, each second one count: so many tasks of project `a`. */
function counted(...counts: number[]): Backlog {
  const backlog = new Backlog(LIMITS);
  for (const [second, tasks] of counts.entries()) backlog.counting(second * 1_000)(new Map([["a", tasks]]));
  return backlog;
}

test("there is room for tasks up to the limit, and none beyond it", () => {
  const backlog = counted(6);
  expect(Array.from({ length: 5 }, () => ask(backlog, "b"))).toEqual(["taken", "taken", "taken", "taken", 60_000]);
});

test("one project's tasks leave room for another's", () => {
  const backlog = counted(7);
  expect([ask(backlog, "a"), ask(backlog, "a"), ask(backlog, "b"), ask(backlog, "b")]).toEqual(["taken", 60_000, "taken", "taken"]);
});

test("the batch lane is refused first", () => {
  const backlog = counted(5);
  expect([ask(backlog, "b", "batch"), ask(backlog, "b", "interactive")]).toEqual([60_000, "taken"]);
});

test("who is refused is told when there will be room, each behind those before", () => {
  // 4 tasks a second are taken to finish: half of the 8 that did in the second.
  const backlog = counted(18, 10);
  expect(Array.from({ length: 9 }, () => ask(backlog, "b"))).toEqual([1_000, 1_000, 1_000, 1_000, 1_250, 1_500, 1_750, 2_000, 2_250]);
});

test("what finishes makes room, and the promises of before are kept first", () => {
  const backlog = counted(18, 10);
  for (let refusals = 0; refusals < 8; refusals += 1) ask(backlog, "b");
  backlog.counting(2_000)(new Map([["a", 6]]));
  expect(ask(backlog, "b")).toBe("taken");
});

test("nobody is sent away for longer than a minute", () => {
  expect(ask(counted(1_001, 1_000), "b")).toBe(60_000);
});

test("a task that was admitted is counted once, whether it came before, during or after a count", () => {
  const backlog = new Backlog(LIMITS);
  backlog.take("a", "interactive");
  const take = backlog.counting(0);
  backlog.take("a", "interactive");
  take(new Map([["a", 1]]));
  expect(Array.from({ length: 9 }, () => ask(backlog, "b"))).toEqual([...Array(8).fill("taken"), 60_000]);
});

test("a place that is given back is free again", () => {
  const backlog = counted(9);
  const giveBack = backlog.take("b", "interactive");
  expect(ask(backlog, "b")).toBe(60_000);
  giveBack();
  expect(ask(backlog, "b")).toBe("taken");
});
