import { expect, test } from "vitest";
import { trendStepSeconds, trendSteps, wholeSteps, windowBefore } from "./trendStep.ts";

const windowOf = (from: number, to: number) => ({ from: `${from}000000000`, to: `${to}000000000` });

test.each([
  ["an hour", 3_600, 60],
  ["a day", 86_400, 1_800],
  ["30 days", 30 * 86_400, 43_200],
  ["400 days", 400 * 86_400, 604_800],
])("a chart of %s has at most 60 points", (_, seconds, step) => {
  expect(trendStepSeconds(windowOf(0, seconds), 60)).toBe(step);
});

test("the steps to choose from are neither too many points nor a single one", () => {
  expect(trendSteps(windowOf(0, 86_400), 400)).toEqual([300, 900, 1_800, 3_600, 10_800, 21_600, 43_200]);
  expect(trendSteps(windowOf(0, 3_660), 400)).toEqual([60, 300, 900, 1_800]);
  expect(trendSteps(windowOf(0, 90), 400)).toEqual([60]);
});

test("a window that begins and ends within steps has them whole, one that does not stays", () => {
  expect(wholeSteps(windowOf(3_700, 7_300), 3_600)).toEqual(windowOf(3_600, 10_800));
  expect(wholeSteps(windowOf(3_600, 7_200), 3_600)).toEqual(windowOf(3_600, 7_200));
});

test("the window before is as long and ends where this one begins", () => {
  expect(windowBefore(windowOf(10_800, 14_400))).toEqual(windowOf(7_200, 10_800));
  expect(windowBefore(windowOf(3_600, 10_800)).from).toBe("0");
});
