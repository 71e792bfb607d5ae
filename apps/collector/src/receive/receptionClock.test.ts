import { expect, test } from "vitest";
import { receptionClock } from "./receptionClock.ts";

test("times follow the clock, and go on from the last one when it stands still or is set back", () => {
  const times = [1_000, 1_000, 500, 1_001];
  const receivedAtUs = receptionClock(() => times.shift() ?? 0, 0);
  expect(times.map(() => 0).map(receivedAtUs)).toEqual([1_000_000, 1_000_002, 1_000_004, 1_001_000]);
});

test("a clock that was years ahead is not followed", () => {
  expect(receptionClock(() => 1_000, 86_400_000_000 + 1_000_002)()).toBe(1_000_000);
  expect(receptionClock(() => 1_000, 86_400_000_000 + 1_000_000)()).toBe(86_400_000_000 + 1_000_002);
});

test("no time is before the last one of an earlier process", () => {
  expect(receptionClock(() => 1_000, 3_000_000)()).toBe(3_000_002);
});
