import { expect, test } from "vitest";
import { aGuardrail, aLivePolicy } from "../live/policyBuilders.ts";
import { lookPace } from "../rollout/lookPace.ts";
import { forecast } from "./forecast.ts";
import { simulateRollout } from "./simulateRollout.ts";

const POLICY = aLivePolicy({
  steps: [
    { setWeight: 10, minUnits: 50 },
    { setWeight: 50, minUnits: 200 },
  ],
});
const traffic = (candidate: number, hoursMax = 100) => ({
  unitsPerHour: 1_000,
  means: { task_success: { candidate, stable: 0.8 } },
  hoursMax,
});
const MANY = { sims: 60, seed: 1 };

test("a worse candidate is rolled back, an equal one promoted, and a worse one sooner the worse it is", () => {
  const [bad, worse, equal] = [0.7, 0.6, 0.8].map((rate) => forecast(POLICY, traffic(rate), MANY));
  expect(bad?.rolledBackByEvidence).toBeGreaterThan(0.95);
  expect(worse?.candidateUnits.median).toBeLessThan(bad?.candidateUnits.median ?? 0);
  expect(equal?.promoted).toBeGreaterThan(0.9);
  expect(equal?.candidateUnits.median).toBeGreaterThanOrEqual(250);
});

test("where units are known later, more of them are exposed until a worse candidate is found, and steps begin later", () => {
  const policy = aLivePolicy({ ...POLICY, onMissing: { scoringLag: "10m" } });
  const pace = lookPace(policy);
  expect(pace).toEqual({ knownAfterMs: 610_000, everyMs: 60_000 });
  const [atOnce, later] = [{}, { pace }].map((how) => forecast(policy, { ...traffic(0.6), ...how }, MANY));
  const before = (10 / 60) * 1_000 * 0.1;
  expect(later?.candidateUnits.median).toBeGreaterThan((atOnce?.candidateUnits.median ?? 0) + before);
  expect(later?.rolledBackByEvidence).toBe(1);
});

test("what both versions do may differ from step to step: one that is worse only with more of the units is found later", () => {
  const means = (candidate: number) => ({ task_success: { candidate, stable: 0.8 } });
  const of = (meansAt: ReturnType<typeof means>[]) => forecast(POLICY, { ...traffic(0.8), meansAt }, MANY);
  const [throughout, later] = [of([means(0.6), means(0.6)]), of([means(0.8), means(0.6)])];
  expect(throughout).toEqual(forecast(POLICY, traffic(0.6), MANY));
  expect(later.rolledBackByEvidence).toBe(1);
  expect(later.candidateUnits.median).toBeGreaterThan(50 + throughout.candidateUnits.median);
});

test("a metric that is scored on a sample is found later than one that is always scored", () => {
  const sampled = (sample: number) => aLivePolicy({ ...POLICY, metrics: [aGuardrail({ sample })] });
  const [whole, fifth] = [1, 0.2].map((sample) => forecast(sampled(sample), traffic(0.6), MANY).candidateUnits.median);
  expect(whole).toBe(forecast(POLICY, traffic(0.6), MANY).candidateUnits.median);
  expect(fifth).toBeGreaterThan(3 * (whole ?? 0));
});

test("the same seed and number are the same rollout, whatever was played before", () => {
  expect(simulateRollout(POLICY, traffic(0.75), 4, 7)).toEqual(simulateRollout(POLICY, traffic(0.75), 4, 7));
  expect(simulateRollout(POLICY, traffic(0.75), 4, 8)).not.toEqual(simulateRollout(POLICY, traffic(0.75), 4, 7));
});

test("what takes too long is held, or rolled back where the policy says so", () => {
  const steps = [{ setWeight: 10, minUnits: 50_000, maxDuration: "1h" }];
  expect(simulateRollout(aLivePolicy({ steps }), traffic(0.8), 1, 1)).toMatchObject({ kind: "hold", grounds: "timeout" });
  expect(simulateRollout(aLivePolicy({ steps, onTimeout: "rollback" }), traffic(0.8), 1, 1)).toMatchObject({
    kind: "rollback",
    grounds: "timeout",
  });
  expect(simulateRollout(POLICY, traffic(0.8, 0.2), 1, 1)).toMatchObject({ kind: "hold", units: 200, hours: 0.2 });
});

test("a metric that the traffic says nothing of is named", () => {
  const policy = aLivePolicy({ metrics: [aGuardrail(), aGuardrail({ name: "fast" })] });
  expect(() => simulateRollout(policy, traffic(0.8), 1, 1)).toThrow("The traffic says nothing of the metric fast.");
});
