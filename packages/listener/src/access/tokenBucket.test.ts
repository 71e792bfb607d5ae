import { expect, test } from "vitest";
import { type TokenBucket, takeToken } from "./tokenBucket.ts";

/** Asks at each of the times (milliseconds); returns the answers, for a refused request the time after which it may come back. */
function ask(perMinuteMax: number, times: readonly number[]): (true | number)[] {
  let bucket: TokenBucket | undefined;
  return times.map((nowMs) => {
    const taken = takeToken(bucket, perMinuteMax, nowMs);
    bucket = taken.bucket;
    return taken.kind === "taken" ? true : taken.retryAfterMs;
  });
}

test("a minute's worth may be used at once, and then no more", () => {
  expect(ask(3, [0, 0, 0, 0])).toEqual([true, true, true, 20_000]);
});

test("a client that comes back after the time it was told is let in", () => {
  expect(ask(3, [0, 0, 0, 0, 20_000, 20_000])).toEqual([true, true, true, 20_000, true, 20_000]);
});

test("a client that comes back early waits for the rest of its time", () => {
  expect(ask(60, [...Array(60).fill(0), 400])).toEqual([...Array(60).fill(true), 600]);
});

test("a key that rests saves up no more than a minute's worth", () => {
  expect(ask(2, [0, 0, 600_000, 600_000, 600_000])).toEqual([true, true, true, true, 30_000]);
});

test("a clock that was set back lets nobody in, and keeps nobody out for longer than it runs again", () => {
  expect(ask(60, [...Array(60).fill(100_000), 0, 1_000])).toEqual([...Array(60).fill(true), 1_000, true]);
});

test("over a long time as many requests are let in as the rate allows", () => {
  const times = Array.from({ length: 6_000 }, (_, index) => index * 100);
  expect(ask(60, times).filter((answer) => answer === true)).toHaveLength(60 + 599);
});
