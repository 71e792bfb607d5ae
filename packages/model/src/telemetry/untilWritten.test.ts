import { expect, test } from "vitest";
import { untilWritten } from "./untilWritten.ts";

/** A clock that advances only while somebody waits, and a collector that gives these answers in turn, repeating the last. */
function stage(answers: (number | null)[]) {
  let now = 0;
  let asked = 0;
  const time = { clock: () => now, pause: async (ms: number) => (now += ms) };
  const ask = async () => answers[Math.min(asked++, answers.length - 1)] ?? null;
  return { time, ask, asked: () => asked };
}

test("is over when everything of before is readable", async () => {
  const { time, ask, asked } = stage([null, 900, 999, 1_000]);
  await untilWritten(ask, 1_000, time);
  expect(asked()).toBe(4);
});

test("a journal that is not written any more, and a collector that is silent, end it with what is wrong", async () => {
  const stuck = stage([900]);
  await expect(untilWritten(stuck.ask, 1_000, stuck.time)).rejects.toThrow("has not been written since 1970-01-01T00:00:00.900Z");
  const silent = stage([null]);
  await expect(untilWritten(silent.ask, 1_000, silent.time)).rejects.toThrow("does not answer");
});
