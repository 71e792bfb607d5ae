import { expect, test } from "vitest";
import { lastStepOf } from "./timeline.ts";

const moment = (number: number | null) => ({ step: number === null ? null : { number } }) as Parameters<typeof lastStepOf>[1][number];

test("a dead task can be replayed from the step at which it died, a done one from its last", () => {
  const moments = [moment(null), moment(1), moment(2), moment(null)];
  expect([lastStepOf("dead", moments), lastStepOf("done", moments)]).toEqual([3, 2]);
});

test("a task that died in its first step can be replayed from there", () => {
  expect(lastStepOf("dead", [moment(null)])).toBe(1);
});
