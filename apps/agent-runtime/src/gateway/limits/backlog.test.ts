import { AppError, type Lane } from "@signalbox/model";
import { expect, test } from "vitest";
import { Backlog } from "./backlog.ts";

const LIMITS = { tasksMax: 10, projectTasksMax: 8 };

/** "taken", or the time in milliseconds after which to retry. */
function ask(backlog: Backlog, project: string, lane: Lane = "interactive"): "taken" | number | undefined {
  try {
    backlog.take(project, lane);
    return "taken";
  } catch (error) {
    if (error instanceof AppError && error.code === "overloaded") return error.retryAfterMs;
    throw error;
  }
}

/**
 * Feeds the backlog a count of project `a`'s tasks; `stillUnfinished` is how many of those settled at the last count are still there
 * (default: all).
 */
function count(backlog: Backlog, second: number, tasks: number, stillUnfinished = tasks): void {
  backlog.counting(second * 1_000).take(new Map([["a", { tasks, settled: tasks, stillUnfinished }]]));
}

/** A backlog that was fed one count of project `a` per second. */
function counted(...counts: number[]): Backlog {
  const backlog = new Backlog(LIMITS);
  for (const [second, tasks] of counts.entries()) count(backlog, second, tasks);
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

test("a refused request is told when there will be room, behind the requests refused before it", () => {
  // 4 tasks a second are assumed to finish: half of the 8 that finished within the second.
  const backlog = counted(18, 10);
  expect(Array.from({ length: 9 }, () => ask(backlog, "b"))).toEqual([1_000, 1_000, 1_000, 1_000, 1_250, 1_500, 1_750, 2_000, 2_250]);
});

test("finished tasks are noticed even while as many new ones arrive, here or at another gateway", () => {
  const elsewhere = new Backlog(LIMITS);
  count(elsewhere, 0, 10);
  count(elsewhere, 1, 10, 2);
  expect(ask(elsewhere, "b")).toBe(1_000);

  const here = counted(9);
  for (let tasks = 0; tasks < 8; tasks += 1) {
    here.take("b", "interactive").confirm();
    count(here, 1 + tasks, 9);
  }
  expect([ask(here, "b"), ask(here, "b")]).toEqual(["taken", expect.toSatisfy((ms: number) => ms < 3_000)]);
});

test("requests waiting to be stored are not mistaken for finished tasks", () => {
  const backlog = counted(0);
  const places = Array.from({ length: 8 }, () => backlog.take("b", "interactive"));
  count(backlog, 1, 0);
  for (const place of places) place.confirm();
  backlog.counting(2_000).take(new Map([["b", { tasks: 8, settled: 8, stillUnfinished: 0 }]]));
  expect(ask(backlog, "b")).toBe(60_000);
});

test("finished tasks make room, and earlier promises are kept first", () => {
  const backlog = counted(18, 10);
  for (let refusals = 0; refusals < 8; refusals += 1) ask(backlog, "b");
  count(backlog, 2, 6);
  expect(ask(backlog, "b")).toBe("taken");
});

test("no request is told to wait longer than a minute", () => {
  expect(ask(counted(1_001, 1_000), "b")).toBe(60_000);
});

test("a task that was admitted is counted once, whether it was stored before, during or after a count", () => {
  const backlog = new Backlog(LIMITS);
  const [before, during, after] = [backlog.take("a", "interactive"), backlog.take("a", "interactive"), backlog.take("a", "interactive")];
  before.confirm();
  const counting = backlog.counting(0);
  during.confirm();
  counting.take(new Map([["a", { tasks: 1, settled: 1, stillUnfinished: 0 }]]));
  after.confirm();
  expect(Array.from({ length: 8 }, () => ask(backlog, "b"))).toEqual([...Array(7).fill("taken"), 60_000]);
  count(backlog, 1, 3);
  expect(ask(backlog, "b")).toBe(60_000);
});

test("a place that is given back is free again", () => {
  const backlog = counted(9);
  const place = backlog.take("b", "interactive");
  expect(ask(backlog, "b")).toBe(60_000);
  place.giveBack();
  expect(ask(backlog, "b")).toBe("taken");
});

test("a count that failed changes nothing", () => {
  const backlog = counted(9);
  backlog.counting(1_000).fail();
  expect([ask(backlog, "b"), ask(backlog, "b")]).toEqual(["taken", 60_000]);
});
