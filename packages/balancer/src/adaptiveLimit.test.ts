import { expect, test } from "vitest";
import { LIMIT_POLICY, openAdaptiveLimit } from "./adaptiveLimit.ts";

/** The latency of an endpoint that works on `atOnce` calls at a time, each for 10 ms; the others queue. */
const tookMs = (inFlight: number, atOnce: number): number => 10 * Math.max(1, inFlight / atOnce);

function settled(atOnce: number): number {
  const limit = openAdaptiveLimit();
  for (let index = 0; index < 3_000; index += 1) {
    // Traffic comes in waves: the usual latency is learnt in the quiet ones.
    const inFlight = index % 10 < 5 ? 2 : limit.calls;
    limit.answered(tookMs(inFlight, atOnce), inFlight);
  }
  return limit.calls;
}

test("the limit grows to the bulkhead while answers take as long as usual", () => {
  expect(settled(1_000)).toBe(LIMIT_POLICY.callsMax);
});

test("the limit settles near what the endpoint can work on at once", () => {
  expect(settled(20)).toBeGreaterThanOrEqual(20);
  expect(settled(20)).toBeLessThan(80);
});

test("a limit that nobody comes near stays", () => {
  const limit = openAdaptiveLimit();
  for (let index = 0; index < 100; index += 1) limit.answered(10, 1);
  expect(limit.calls).toBe(LIMIT_POLICY.callsInitial);
});

test("refusals shrink it, never below its least", () => {
  const limit = openAdaptiveLimit();
  limit.overloaded();
  expect(limit.calls).toBe(28);
  for (let index = 0; index < 100; index += 1) limit.overloaded();
  expect(limit.calls).toBe(LIMIT_POLICY.callsMin);
});

test("answers whose time says nothing let it grow, however long they take", () => {
  const limit = openAdaptiveLimit();
  for (let index = 0; index < 10; index += 1) limit.overloaded();
  const before = limit.calls;
  for (let index = 0; index < 1_000; index += 1) limit.answered(undefined, limit.calls);
  expect(limit.calls).toBeGreaterThan(before);
  expect(limit.calls).toBe(LIMIT_POLICY.callsMax);
});
