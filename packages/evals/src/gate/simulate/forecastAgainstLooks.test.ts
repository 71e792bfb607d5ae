import type { Arm, Exposure, UnitEvent } from "@signalbox/model";
import { expect, test } from "vitest";
import { seededRandom, seedOf } from "../../statistics/seededRandom.ts";
import { look } from "../live/look.ts";
import { aGuardrail, aLivePolicy } from "../live/policyBuilders.ts";
import { unitBlocks } from "../live/unitBlocks.ts";
import { foldBlocks } from "../rollout/latestVerdict.ts";
import { LOOK_BEHIND_MS, lookPace } from "../rollout/lookPace.ts";
import { forecast, forecastOf } from "./forecast.ts";
import type { SimulatedRollout } from "./simulateRollout.ts";

/** The policy, rate and lag of `bench rollouts`. */
const POLICY = aLivePolicy({
  steps: [
    { setWeight: 25, minUnits: 20 },
    { setWeight: 50, minUnits: 100 },
  ],
  onMissing: { scoringLag: "45s" },
  metrics: [
    aGuardrail({ name: "reward", nonInferiorityMargin: 0.05 }),
    aGuardrail({ name: "late", direction: "decrease", nonInferiorityMargin: 0.15 }),
    { name: "dlq", role: "guardrail", kind: "count", weight: 2 },
  ],
});
const UNIT_EVERY_MS = 1_000;
const SCORED_AFTER_MS = 6_000;
const PACE = lookPace(POLICY);

type Means = { readonly [metric in "reward" | "late" | "dlq"]: { readonly [arm in Arm]: number } };

/** The means with the broken tool of `bench rollouts`, while the candidate has its share of the sessions. */
const SEEN: Means = {
  ...{ reward: { stable: 1, candidate: 0.59 }, late: { stable: 0.1, candidate: 0.1 } },
  dlq: { stable: 0, candidate: 0 },
};

/** Drives the gate as the controller does: session by session, blocks from exposures and events, a look whenever one is due. */
function driveLooks(means: Means, number: number): SimulatedRollout {
  const random = seededRandom(seedOf(7, number));
  const exposures: Exposure[] = [];
  const events: UnitEvent[] = [];
  let [step, candidateUnits, lookAtMs] = [0, 0, 0];
  for (let at = 0; ; at += UNIT_EVERY_MS) {
    for (; lookAtMs <= at; lookAtMs += PACE.everyMs) {
      const { blocks } = unitBlocks(exposures, events, POLICY, lookAtMs - LOOK_BEHIND_MS);
      const { kind, grounds, isLastStep } = look(foldBlocks(blocks, POLICY), POLICY, { step });
      if (kind === "rollback" || (kind === "promote" && isLastStep))
        return { kind, grounds, candidateUnits, units: exposures.length, hours: lookAtMs / 3_600_000 };
      if (kind === "promote") step += 1;
    }
    const share = (POLICY.steps[step]?.setWeight ?? 0) / 100;
    const arm: Arm = random() < share ? "candidate" : "stable";
    const unit = `session-${at}`;
    if (arm === "candidate") candidateUnits += 1;
    exposures.push({ unit, arm, step, share, at });
    for (const [metric, chances] of Object.entries(means)) {
      const value = random() < chances[arm] ? 1 : 0;
      events.push({ kind: "value", unit, metric, value, at: at + SCORED_AFTER_MS });
    }
  }
}

const expected = (means: Means) =>
  forecast(POLICY, { unitsPerHour: 3_600_000 / UNIT_EVERY_MS, hoursMax: 1, pace: PACE, means }, { sims: 60, seed: 1 }).candidateUnits;

test("the forecast of a worse candidate is what the gate's own looks at such sessions come to", () => {
  const looks = forecastOf(Array.from({ length: 24 }, (_, number) => driveLooks(SEEN, number)));
  expect(looks.rolledBackByEvidence).toBe(1);
  const { median, p90 } = expected(SEEN);
  expect(Math.abs(median - looks.candidateUnits.median)).toBeLessThan(0.1 * looks.candidateUnits.median);
  expect(Math.abs(p90 - looks.candidateUnits.p90)).toBeLessThan(0.15 * looks.candidateUnits.p90);
});

test("a candidate that was measured with all of the traffic, and so late, is forecast to be found with half of the sessions that it takes", () => {
  const overloaded = { ...SEEN, late: { stable: 0.1, candidate: 0.85 } };
  const [before, now] = [expected(overloaded), expected(SEEN)];
  expect([before, now]).toEqual([
    { median: 38, p90: 50 },
    { median: 74, p90: 89 },
  ]);
});

test("scores that come too late are failures in both arms: a forecast of means that the gate never sees is too low", () => {
  const told = 0.85;
  const { stable, candidate } = SEEN.reward;
  const late = { ...SEEN, reward: { stable: stable * told, candidate: candidate * told } };
  expect(expected(late).median).toBeGreaterThan(1.3 * expected(SEEN).median);
});
