import { REDELIVERED_WITHIN_MS } from "@signalbox/model";
import { expect, test } from "vitest";
import { DELIVERY, givenBackWithinMs, STORE_AWAY_RETRY_MS } from "./delivery.ts";

/**
 * When a task is given back whose lock was renewed at 0, as its worker died, as both stores
 * do it: a look marks what is in a hand, a later one takes what is marked and has no lock.
 */
function givenBackAtMs(looks: readonly number[]): number {
  let isMarked = false;
  for (const lookMs of looks) {
    if (isMarked && lookMs > DELIVERY.lockDuration) return lookMs;
    isMarked = true;
  }
  return Number.POSITIVE_INFINITY;
}

test("whenever a worker dies, and whoever was to look next, its tasks are given to others in time", () => {
  const { stalledInterval } = DELIVERY;
  const waits: number[] = [];
  // The next look is this late after the death; a dead worker's own turn to look may be lost, and another's begins up to an interval later.
  for (let firstLookMs = 0; firstLookMs <= 2 * stalledInterval; firstLookMs += 10) {
    const looks = Array.from({ length: 10 }, (_, index) => firstLookMs + index * stalledInterval);
    waits.push(givenBackAtMs(looks));
  }
  expect(Math.max(...waits)).toBeLessThanOrEqual(givenBackWithinMs(DELIVERY));
  expect(Math.max(...waits)).toBeGreaterThan(givenBackWithinMs(DELIVERY) - 20);
});

test("of the promised time, a second and a half are left to take a task up, and to find the store back", () => {
  expect(givenBackWithinMs(DELIVERY) + STORE_AWAY_RETRY_MS).toBeLessThanOrEqual(REDELIVERED_WITHIN_MS - 1_250);
});

test("a lock outlives a renewal that failed", () => {
  expect(DELIVERY.lockDuration).toBeGreaterThan(2 * DELIVERY.lockRenewTime);
});
