import { expect, test } from "vitest";
import { type Death, judgeDeath, RESTART_POLICY } from "./restartPolicy.ts";

/** Deaths of runs that had been ready, `everyMs` apart. */
const deathsOfReady = (count: number, everyMs: number): Death[] =>
  Array.from({ length: count }, (_, index) => ({ at: index * everyMs, readyMs: 900, wasKilled: false }));

test("the first deaths are answered at once", () => {
  expect(judgeDeath(deathsOfReady(1, 0))).toEqual({ kind: "restart", delayMs: 50 });
  expect(judgeDeath(deathsOfReady(2, 1_000))).toEqual({ kind: "restart", delayMs: 50 });
});

test("the delay doubles with each further death, up to its limit", () => {
  const delays = [3, 4, 5, 9, 12].map((count) => judgeDeath(deathsOfReady(count, 1_000)));
  expect(delays).toEqual([100, 200, 400, 5_000, 5_000].map((delayMs) => ({ kind: "restart", delayMs })));
});

test("deaths of long ago are forgotten", () => {
  expect(judgeDeath(deathsOfReady(100, RESTART_POLICY.windowMs + 1))).toEqual({ kind: "restart", delayMs: 50 });
});

test("a part that was healthy when it was killed begins anew: after it, only later deaths count", () => {
  const { healthyMs } = RESTART_POLICY;
  const killed = (readyMs: number, wasKilled = true): Death => ({ at: 12_000, readyMs, wasKilled });
  const before = deathsOfReady(11, 1_000);
  expect(judgeDeath([...before, killed(healthyMs)])).toEqual({ kind: "restart", delayMs: 50 });
  expect(judgeDeath([...before, killed(healthyMs), killed(10), killed(10)])).toEqual({ kind: "restart", delayMs: 100 });
  expect(judgeDeath([...before, killed(healthyMs - 1)])).toEqual({ kind: "restart", delayMs: 5_000 });
  expect(judgeDeath([...before, killed(healthyMs, false)])).toEqual({ kind: "restart", delayMs: 5_000 });
});

test("a part that keeps dying is given up", () => {
  expect(judgeDeath(deathsOfReady(RESTART_POLICY.deathsMax, 1_000))).toMatchObject({
    kind: "give_up",
    reason: "it ended 30 times within 60 s",
  });
});

test("a part that never becomes ready is given up sooner", () => {
  const deaths = Array.from({ length: RESTART_POLICY.neverReadyMax }, (_, index) => ({
    at: index * 100_000,
    readyMs: null,
    wasKilled: false,
  }));
  expect(judgeDeath(deaths)).toMatchObject({ kind: "give_up", reason: "it ended 6 times in a row before it was ready" });
  expect(judgeDeath(deaths.slice(1))).toMatchObject({ kind: "restart" });
});

test("having been ready once starts the count of failed starts anew", () => {
  const failed: Death[] = Array.from({ length: 5 }, () => ({ at: 0, readyMs: null, wasKilled: false }));
  expect(judgeDeath([...failed, { at: 0, readyMs: 900, wasKilled: false }, ...failed])).toMatchObject({ kind: "restart" });
});

test("a part that is killed before it is ready did not fail by itself, and is given up later", () => {
  const killed: Death[] = Array.from({ length: RESTART_POLICY.neverReadyOrKilledMax }, (_, index) => ({
    at: index * 10_000,
    readyMs: null,
    wasKilled: true,
  }));
  expect(judgeDeath(killed.slice(1))).toMatchObject({ kind: "restart" });
  expect(judgeDeath(killed)).toMatchObject({ kind: "give_up", reason: expect.stringContaining("memory") });
});
