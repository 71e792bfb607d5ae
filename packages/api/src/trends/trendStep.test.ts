import { expect, test } from "vitest";
import { trendStepSeconds } from "./trendStep.ts";

test.each([
  ["an hour", 3_600, 60],
  ["a day", 86_400, 1_800],
  ["30 days", 30 * 86_400, 43_200],
  ["400 days", 400 * 86_400, 604_800],
])("a chart of %s has at most 60 points", (_, seconds, step) => {
  expect(trendStepSeconds({ from: "0", to: `${seconds}000000000` }, 60)).toBe(step);
});
