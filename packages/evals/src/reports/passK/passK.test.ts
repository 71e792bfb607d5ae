import { expect, test } from "vitest";
import type { TrialCount } from "../../statistics/estimates/passHatK.ts";
import { passK } from "./passK.ts";

const TAU_BENCH: TrialCount[] = [
  { passed: 2, total: 2, tasks: 12 },
  { passed: 1, total: 2, tasks: 19 },
  { passed: 0, total: 2, tasks: 19 },
];

test("two trials of fifty tasks: pass^1 0.43, pass^2 0.24, pass@2 0.62, with intervals over tasks", () => {
  const [one, two] = passK(TAU_BENCH);
  expect(one?.passHatK.value).toBeCloseTo(0.43, 12);
  expect(two?.passHatK.value).toBeCloseTo(0.24, 12);
  expect(two?.passAtK.value).toBeCloseTo(0.62, 12);
  // Wilson's interval of 12 of 50 (scipy: binomtest(12, 50).proportion_ci(method="wilson")).
  expect(two?.passHatK.interval.lower).toBeCloseTo(0.143, 4);
  expect(two?.passHatK.interval.upper).toBeCloseTo(0.3741, 4);
});

test("tasks whose trials agree tell less than as many trials of their own would", () => {
  const width = (counts: TrialCount[]): number => {
    const { lower, upper } = passK(counts)[0]?.passHatK.interval ?? { lower: 0, upper: 0 };
    return upper - lower;
  };
  const agreeing = width([
    { passed: 2, total: 2, tasks: 25 },
    { passed: 0, total: 2, tasks: 25 },
  ]);
  const mixed = width([
    { passed: 1, total: 2, tasks: 49 },
    { passed: 2, total: 2, tasks: 1 },
  ]);
  expect(agreeing).toBeGreaterThan(2 * mixed);
});

test("an interval is never empty, and none reaches beyond 0 and 1", () => {
  const [figures] = passK([{ passed: 3, total: 3, tasks: 10 }]);
  expect(figures?.passHatK).toMatchObject({ value: 1, interval: { upper: 1 } });
  expect(figures?.passHatK.interval.lower).toBeCloseTo(0.7225, 3);
  expect(passK([])).toEqual([]);
});
