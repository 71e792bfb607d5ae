import { expect, test } from "vitest";
import { type Ending, hasSucceeded, replayChange } from "./replayChange.ts";

const DEAD: Ending = { status: "dead", verdict: null };
const DONE: Ending = { status: "done", verdict: null };
const rewarded = (reward: 0 | 1 | null): Ending => ({ status: "done", verdict: { reward, finalState: null, outputs: true, ending: true } });

test("a task succeeds that is done, and right where something was expected", () => {
  expect([DEAD, DONE, rewarded(1), rewarded(0)].map(hasSucceeded)).toEqual([false, true, true, false]);
});

test("a replay that is still running or has no reward has neither succeeded nor failed", () => {
  expect([rewarded(null), { ...DONE, status: "running" as const }].map(hasSucceeded)).toEqual([null, null]);
});

test.each([
  ["same", DEAD, DEAD],
  ["same", rewarded(1), rewarded(1)],
  ["fixed", DEAD, rewarded(1)],
  ["fixed", rewarded(0), rewarded(1)],
  ["worse", rewarded(1), rewarded(0)],
  ["worse", DONE, DEAD],
  ["other", DEAD, rewarded(0)],
  ["unknown", rewarded(1), rewarded(null)],
])("%s", (change, recorded, replayed) => {
  expect(replayChange(recorded, replayed)).toBe(change);
});
