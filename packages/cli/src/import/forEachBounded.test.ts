import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { forEachBounded } from "./forEachBounded.ts";

test("does everything once, never more at a time than allowed", async () => {
  const done: number[] = [];
  let inFlight = 0;
  let inFlightSeen = 0;
  await forEachBounded([...Array(20).keys()], 3, async (item) => {
    inFlightSeen = Math.max(inFlightSeen, ++inFlight);
    await sleep(item % 3);
    inFlight--;
    done.push(item);
  });
  expect(inFlightSeen).toBe(3);
  expect(done.toSorted((a, b) => a - b)).toEqual([...Array(20).keys()]);
});

test("a failure ends it, and nothing more is begun", async () => {
  const begun: number[] = [];
  const run = forEachBounded([...Array(20).keys()], 2, async (item) => {
    begun.push(item);
    await sleep(1);
    if (item === 3) throw new Error("the fourth");
  });
  await expect(run).rejects.toThrow("the fourth");
  const begunThen = begun.length;
  await sleep(20);
  expect(begun.length).toBe(begunThen);
  expect(begunThen).toBeLessThan(8);
});
