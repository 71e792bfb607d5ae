import { REDELIVERED_WITHIN_MS } from "@signalbox/model";
import { expect, test } from "vitest";
import { DELIVERY, givenBackWithinMs, RETURN_GRACE_MS, STORE_AWAY_RETRY_MS } from "./delivery.ts";

/**
 * The time at which a task is given back whose lock was renewed at 0, just as its worker died. Both stores do it in two checks: one marks
 * running tasks, a later one takes those that are marked and have no lock.
 */
function givenBackAtMs(looks: readonly number[]): number {
  let isMarked = false;
  for (const lookMs of looks) {
    if (isMarked && lookMs > DELIVERY.lockDuration) return lookMs;
    isMarked = true;
  }
  return Number.POSITIVE_INFINITY;
}

test("whenever a worker dies, and whoever was to check next, its tasks are given to others in time", () => {
  const { stalledInterval } = DELIVERY;
  const waits: number[] = [];
  // The next check comes this late after the death. The dead worker's own check may be lost, and another worker's begins up to an interval
  // later.
  for (let firstLookMs = 0; firstLookMs <= 2 * stalledInterval; firstLookMs += 10) {
    const looks = Array.from({ length: 10 }, (_, index) => firstLookMs + index * stalledInterval);
    waits.push(givenBackAtMs(looks));
  }
  expect(Math.max(...waits)).toBeLessThanOrEqual(givenBackWithinMs(DELIVERY));
  expect(Math.max(...waits)).toBeGreaterThan(givenBackWithinMs(DELIVERY) - 20);
});

test("a second and a half of the promised time is left to take a task up, and to find the store back", () => {
  expect(givenBackWithinMs(DELIVERY) + STORE_AWAY_RETRY_MS).toBeLessThanOrEqual(REDELIVERED_WITHIN_MS - 1_250);
});

test("a lock outlives a renewal that failed", () => {
  expect(DELIVERY.lockDuration).toBeGreaterThan(2 * DELIVERY.lockRenewTime);
});

test("live workers have renewed their locks, or handed tasks back, before anybody looks after an outage", () => {
  // BullMQ renews at half the renewal time.
  expect(RETURN_GRACE_MS).toBeGreaterThan(DELIVERY.lockRenewTime / 2);
  expect(RETURN_GRACE_MS).toBeGreaterThan(2 * STORE_AWAY_RETRY_MS);
});
