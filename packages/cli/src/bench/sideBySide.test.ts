import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { sideBySide } from "./sideBySide.ts";

const never = new AbortController().signal;

test("two things are done at once, and both results come back", async () => {
  const results = await sideBySide(
    never,
    async () => 1,
    async () => "two",
  );
  expect(results).toEqual([1, "two"]);
});

test("when one fails the other is called off, and has ended before the failure is told", async () => {
  let hasEnded = false;
  const waits = async (signal: AbortSignal): Promise<void> => {
    await sleep(60_000, undefined, { signal }).catch(() => {});
    await sleep(20);
    hasEnded = true;
  };
  const fails = async (): Promise<void> => {
    throw new Error("the reason");
  };
  await expect(sideBySide(never, waits, fails)).rejects.toThrow("the reason");
  expect(hasEnded).toBe(true);
});

test("when both are called off the reason is told, not how they ended", async () => {
  const calledOff = new AbortController();
  const waits = (signal: AbortSignal): Promise<void> => sleep(60_000, undefined, { signal });
  const both = sideBySide(calledOff.signal, waits, waits);
  calledOff.abort(new Error("a part is given up"));
  await expect(both).rejects.toThrow("a part is given up");
});
