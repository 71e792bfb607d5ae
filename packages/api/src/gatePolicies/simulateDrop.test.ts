import { CanaryPolicy } from "@signalbox/model";
import { expect, test } from "vitest";
import { simulateDrop } from "./simulateDrop.ts";

const POLICY = CanaryPolicy.parse({
  steps: [{ setWeight: 50, minUnits: 50 }],
  metrics: [{ name: "task_success", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.2 }],
});
const ASKED = { unit: "session" as const, unitsPerHour: 1_000, hoursMax: 10, means: {}, sims: 20, seed: 1 };
const FOREVER = { signal: undefined, now: () => 0, msMax: 1 };

test("a worse candidate is found, an equal one promoted, and each rollout is told", async () => {
  const found = await simulateDrop(POLICY, ASKED, FOREVER);
  expect(found.sentence).toMatch(/^With 1,000 sessions an hour, task_success at 0\.6 instead of 0\.8 is found after about \d+ sessions/);
  expect(found).toMatchObject({ metric: "task_success", drop: 0.2, sims: 20, hoursMax: 10 });
  expect(found.worse.forecast.rolledBackByEvidence).toBeGreaterThan(0.8);
  expect(found.equal.forecast.promoted).toBeGreaterThan(0.8);
  expect(found.worse.rollouts).toHaveLength(20);
});

test("when the time is over, what there is counts: as many of both", async () => {
  let at = 0;
  const found = await simulateDrop(POLICY, ASKED, { signal: undefined, now: () => at++, msMax: 500 });
  expect(found.sims).toBeGreaterThan(0);
  expect(found.sims).toBeLessThan(20);
  expect(found.worse.rollouts.length).toBe(found.sims);
  expect(found.equal.rollouts.length).toBe(found.sims);
});

test("one rollout that takes longer than there is time for is not waited for, and others have their turns", async () => {
  let at = 0;
  const running = simulateDrop(POLICY, { ...ASKED, unitsPerHour: 100_000 }, { signal: undefined, now: () => at++, msMax: 10 });
  await expect(running).rejects.toMatchObject({ code: "timed_out", hint: expect.stringContaining("fewer metrics") });
});

test("it can be called off", async () => {
  const called = new AbortController();
  const running = simulateDrop(POLICY, ASKED, { ...FOREVER, signal: called.signal });
  called.abort();
  await expect(running).rejects.toMatchObject({ code: "timed_out" });
});

test("a rollout that nobody ends is given up early where there is much traffic", async () => {
  const { hoursMax } = await simulateDrop(POLICY, { ...ASKED, unitsPerHour: 100_000, sims: 1 }, FOREVER);
  expect(hoursMax).toBe(2);
});
