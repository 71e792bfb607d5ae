import type { LiveVerdict, Rollout } from "@signalbox/model";
import { aGatePolicy } from "@signalbox/model/testing";
import { expect, test } from "vitest";
import { latestVerdict } from "./latestVerdict.ts";
import { nextMove } from "./nextMove.ts";

const AT = "2026-11-27T12:00:00.000Z";
const STEPS = [
  { setWeight: 25, minUnits: 20, approve: true },
  { setWeight: 50, minUnits: 40 },
];

const aRollout = (changes: Partial<Rollout> = {}): Rollout => ({
  ...{ id: "5f1c2d3e-8a90-4b7c-9d10-2e3f4a5b6c7d", project: "shop", gate: "shop-agent", policy: aGatePolicy(), policyHash: "0".repeat(64) },
  ...{ stable: "1", candidate: "2", phase: "running", step: 0, stepStartedAt: AT, startedAt: AT, startedBy: "ada", endedAt: null },
  ...{ reason: "", pausedBy: null, pausedFor: null, pausedAt: null, approvedStep: null, retryOf: null },
  ...changes,
});
const verdictOf = (changes: Partial<LiveVerdict>): LiveVerdict => ({ ...latestVerdict(aRollout(), [], Date.parse(AT)), ...changes });

const HOLD = verdictOf({ kind: "hold", grounds: "units_missing" });
const DONE = verdictOf({ kind: "promote", grounds: "step_done" });
const SAFE = verdictOf({ kind: "promote", grounds: "shown_safe", step: 1, isLastStep: true });
const HARM = verdictOf({ kind: "rollback", grounds: "evidence" });
const LATE = verdictOf({ kind: "hold", grounds: "timeout" });

test("a step that is done is followed by the next, the last one by promotion", () => {
  expect(nextMove(aRollout(), DONE, HOLD)).toMatchObject({ kind: "step" });
  expect(nextMove(aRollout({ step: 1 }), SAFE, HOLD)).toMatchObject({ kind: "promote" });
});

test("a harmful candidate is rolled back, even while the rollout is paused", () => {
  expect(nextMove(aRollout(), HARM, HOLD)).toMatchObject({ kind: "rollBack" });
  expect(nextMove(aRollout({ phase: "paused", pausedBy: "person", pausedAt: AT }), HARM, HOLD)).toMatchObject({ kind: "rollBack" });
});

test("nothing else is done in a pause, but what is new is said", () => {
  const paused = aRollout({ phase: "paused", pausedBy: "person", pausedAt: AT });
  expect(nextMove(paused, DONE, HOLD)).toMatchObject({ kind: "look" });
  expect(nextMove(paused, DONE, DONE)).toBeNull();
});

test("a step whose time is over, or that nobody has approved, waits for people", () => {
  expect(nextMove(aRollout(), LATE, HOLD)).toMatchObject({ kind: "pause" });
  const approvable = aRollout({ policy: aGatePolicy({ steps: STEPS }) });
  expect(nextMove(approvable, DONE, HOLD)).toMatchObject({ kind: "pause", reason: expect.stringContaining("approves") });
  expect(nextMove({ ...approvable, approvedStep: 0 }, DONE, HOLD)).toMatchObject({ kind: "step" });
});

test("a hold is told once, until its grounds or step are others", () => {
  expect(nextMove(aRollout(), HOLD, null)).toMatchObject({ kind: "look" });
  expect(nextMove(aRollout(), { ...HOLD, reason: "12 more" }, HOLD)).toBeNull();
  expect(nextMove(aRollout(), verdictOf({ grounds: "split" }), HOLD)).toMatchObject({ kind: "look" });
  expect(nextMove(aRollout({ step: 1 }), { ...HOLD, step: 1 }, HOLD)).toMatchObject({ kind: "look" });
});
