import { expect, test } from "vitest";
import { aGuardrail, aLivePolicy } from "../live/policyBuilders.ts";
import { canaryAdvice } from "./canaryAdvice.ts";

const canary = (nonInferiorityMargin: number, minUnits: number, maxDuration?: string) =>
  aLivePolicy({
    metrics: [aGuardrail({ nonInferiorityMargin })],
    steps: [{ setWeight: 50, minUnits, ...(maxDuration === undefined ? {} : { maxDuration }) }],
  });

test("steps that ask for about what the margin needs get no advice", () => {
  expect(canaryAdvice(canary(0.2, 300))).toEqual([]);
});

test("steps that ask for far less are told how much it takes, and how much must come within the last step's time", () => {
  const [advice, ...others] = canaryAdvice(canary(0.2, 10, "1h"));
  expect(others).toEqual([]);
  expect(advice?.path).toEqual(["spec", "canary", "steps", 0, "maxDuration"]);
  expect(advice?.what).toMatch(
    /^an equal candidate is promoted after about \d+ units of it, not after the 10 that the steps ask for; with fewer than \d+ units an hour the 1h of its last step are over first \(if task_success is 0.8\)$/,
  );
});

test("a margin that is not shown within reach is said to be too narrow", () => {
  expect(canaryAdvice(canary(0.005, 100))[0]?.what).toContain("is not promoted within 20,000 units");
});
