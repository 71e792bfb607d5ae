import { expect, test } from "vitest";
import { type Settling, untilSettled } from "./untilSettled.ts";

/** Waits for a table that has these states, one after another, and then keeps the last, on a fake clock. */
function settledAt(looks: readonly Partial<Settling>[]): Promise<number> {
  let now = 0;
  const left = [...looks];
  const ask = async (): Promise<Settling> => ({
    waitingBytes: 0,
    rows: 10,
    activeParts: 1,
    merges: 0,
    ...(left.length > 1 ? left.shift() : left[0]),
  });
  const pause = async (ms: number): Promise<void> => {
    now += ms;
  };
  return untilSettled(ask, { clock: () => now, pause });
}

test("a table that rests has settled when its rest began", async () => {
  expect(await settledAt([{ waitingBytes: 5, rows: 3 }, { rows: 10, merges: 1 }, {}])).toBe(200);
});

test("between two merges it has not settled", async () => {
  expect(await settledAt([{ merges: 1, activeParts: 4 }, { activeParts: 3 }, { merges: 1, activeParts: 3 }, { activeParts: 2 }])).toBe(300);
});

test("without progress for two minutes, the wait fails and names what is left", async () => {
  await expect(settledAt([{ waitingBytes: 7 }])).rejects.toThrow("7 bytes still wait");
});
