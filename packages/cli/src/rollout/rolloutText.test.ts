import type { Rollout } from "@signalbox/model";
import { aGatePolicy } from "@signalbox/model/testing";
import { expect, test } from "vitest";
import { standingText } from "./rolloutText.ts";

const AT = "2026-11-27T12:00:00.000Z";
const policy = aGatePolicy({
  steps: [
    { setWeight: 25, minUnits: 20 },
    { setWeight: 50, minUnits: 40 },
  ],
});

const aRollout = (changes: Partial<Rollout>): Rollout => ({
  ...{ id: "5f1c2d3e-8a90-4b7c-9d10-2e3f4a5b6c7d", project: "shop", gate: "shop-agent", policy, policyHash: "0".repeat(64) },
  ...{ stable: "1", candidate: "2", phase: "running", step: 0, stepStartedAt: AT, startedAt: AT, startedBy: "ada", endedAt: null },
  ...{ reason: "", pausedBy: null, pausedFor: null, pausedAt: null, approvedStep: null, retryOf: null },
  ...changes,
});

test.each<[string, Partial<Rollout>]>([
  ["running, step 1 of 2 (25 %)", {}],
  ["paused, step 2 of 2 (50 %)", { step: 1, phase: "paused", pausedBy: "person", pausedFor: "person", pausedAt: AT }],
  ["waits for approval, step 1 of 2 (25 %)", { phase: "paused", pausedBy: "gate", pausedFor: "approval", pausedAt: AT }],
  ["promoted", { step: 1, phase: "promoted", endedAt: AT }],
  ["rolled back at step 2 of 2", { step: 1, phase: "rolledBack", endedAt: AT }],
])("a list says of a rollout: %s", (text, changes) => {
  expect(standingText(aRollout(changes))).toBe(text);
});
