import { expect, test } from "vitest";
import { openLoop } from "./pace.ts";

/** A clock that only sleeping moves, and a pace on it. */
function aPace(requestsPerSecond: number) {
  let now = 1_000;
  const sleep = async (ms: number): Promise<void> => {
    now += ms;
  };
  const pace = openLoop({ requestsPerSecond }, { clock: () => now, sleep });
  return {
    now: () => now,
    stall: (ms: number) => {
      now += ms;
    },
    next: () => pace.next(new AbortController().signal),
  };
}

test("requests are sent at the rate, evenly", async () => {
  const pace = aPace(200);
  const sentAt: number[] = [];
  for (let request = 0; request < 5; request++) {
    await pace.next();
    sentAt.push(pace.now() - 1_000);
  }
  expect(sentAt).toEqual([0, 5, 10, 15, 20]);
});

test("after a stall the requests that were missed are sent at once, and are timed from when they were due", async () => {
  const pace = aPace(100);
  expect(await pace.next()).toBe(1_000);
  pace.stall(35);
  expect([await pace.next(), await pace.next(), await pace.next()]).toEqual([1_010, 1_020, 1_030]);
  expect(pace.now()).toBe(1_035);
  expect(await pace.next()).toBe(1_040);
});
