import { expect, test } from "vitest";
import { keptFor } from "./keptFor.ts";

test("a value is reused within the time and read anew after it", async () => {
  let [nowMs, reads] = [0, 0];
  const ask = keptFor(
    1_000,
    () => nowMs,
    async () => ++reads,
  );
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  nowMs = 999;
  expect(await ask()).toBe(1);
  nowMs = 1_000;
  expect(await ask()).toBe(2);
});

test("a failed read is retried by the next caller", async () => {
  let isAway = true;
  const ask = keptFor(
    1_000,
    () => 0,
    async () => {
      if (isAway) throw new Error("away");
      return "here";
    },
  );
  await expect(ask()).rejects.toThrow("away");
  isAway = false;
  expect(await ask()).toBe("here");
});
