import { expect, test } from "vitest";
import type { TrialCount } from "../../statistics/estimates/passHatK.ts";
import { type PassFigures, passK, type UnitTrials } from "./passK.ts";

/** Every item a unit of its own. */
const alone = (counts: readonly TrialCount[]): UnitTrials[] =>
  counts.map((count) => ({ items: [{ ...count, tasks: 1 }], units: count.tasks }));

const widthOf = (figures: PassFigures | undefined): number => {
  const { lower, upper } = figures?.passHatK.interval ?? { lower: 0, upper: 0 };
  return upper - lower;
};

const TAU_BENCH: TrialCount[] = [
  { passed: 2, total: 2, tasks: 12 },
  { passed: 1, total: 2, tasks: 19 },
  { passed: 0, total: 2, tasks: 19 },
];

test("two trials of fifty tasks: pass^1 0.43, pass^2 0.24, pass@2 0.62, with intervals over tasks", () => {
  const [one, two] = passK(alone(TAU_BENCH));
  expect(one?.passHatK.value).toBeCloseTo(0.43, 12);
  expect(two?.passHatK.value).toBeCloseTo(0.24, 12);
  expect(two?.passAtK.value).toBeCloseTo(0.62, 12);
  // Wilson's interval of 12 of 50 (scipy: binomtest(12, 50).proportion_ci(method="wilson")).
  expect(two?.passHatK.interval.lower).toBeCloseTo(0.143, 4);
  expect(two?.passHatK.interval.upper).toBeCloseTo(0.3741, 4);
});

test("tasks whose trials agree tell less than as many trials of their own would", () => {
  const width = (counts: TrialCount[]): number => widthOf(passK(alone(counts))[0]);
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
  const [figures] = passK(alone([{ passed: 3, total: 3, tasks: 10 }]));
  expect(figures?.passHatK).toMatchObject({ value: 1, interval: { upper: 1 } });
  expect(figures?.passHatK.interval.lower).toBeCloseTo(0.7225, 3);
  expect(passK([])).toEqual([]);
});

test("trials are those of an item, also where items share a unit: the unit widens the interval alone", () => {
  const items: TrialCount[] = [
    { passed: 2, total: 2, tasks: 1 },
    { passed: 0, total: 2, tasks: 1 },
  ];
  const shared = passK([{ items: items.map((item) => ({ ...item, tasks: 5 })), units: 10 }]);
  expect(shared.map(({ k, passHatK, lacking }) => [k, passHatK.value, lacking])).toEqual([
    [1, 0.5, 0],
    [2, 0.5, 0],
  ]);
  const conversations = passK(items.map((item) => ({ items: [{ ...item, tasks: 10 }], units: 5 })));
  expect(conversations[1]?.passHatK.value).toBe(0.5);
  expect(widthOf(conversations[1])).toBeGreaterThan(2 * widthOf(passK(alone(items.map((item) => ({ ...item, tasks: 50 }))))[1]));
});

test("items with fewer trials are in no larger k, and are counted there", () => {
  const figures = passK(
    alone([
      { passed: 2, total: 2, tasks: 3 },
      { passed: 0, total: 1, tasks: 2 },
      { passed: 0, total: 0, tasks: 1 },
    ]),
  );
  expect(figures.map(({ k, passHatK, lacking }) => [k, passHatK.value, lacking])).toEqual([
    [1, 0.6, 1],
    [2, 1, 3],
  ]);
});
