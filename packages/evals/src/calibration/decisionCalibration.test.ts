import { expect, test } from "vitest";
import { seededRandom } from "../statistics/seededRandom.ts";
import { calibrateDecisions, type DecidedAnswer } from "./decisionCalibration.ts";

const STEPS = { fromMs: 0, stepMs: 1_000, count: 4 };

/** Decisions whose confidence exceeds their accuracy by `by`, with `perUnit` of them in each trace, which has one outcome. */
function decided(count: number, { by = 0, perUnit = 1, seed = 7 } = {}): DecidedAnswer[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, unit) => {
    const truth = 0.5 + 0.4 * random();
    const isRight = random() < truth;
    return Array.from({ length: perUnit }, () => ({ confidence: truth + by, isRight, unit: String(unit), timeMs: (unit / count) * 4_000 }));
  }).flat();
}

test("decisions that are as often right as sure show the error that chance makes, and no more", () => {
  const found = calibrateDecisions(decided(2_000), STEPS);
  expect(found?.answers).toBe(2_000);
  expect(found?.error.value).toBeLessThan(2 * (found?.errorByChance ?? 0));
  expect(Math.abs((found?.confidence ?? 0) - (found?.right ?? 0))).toBeLessThan(0.03);
});

test("decisions that are ten points too sure are found, bin by bin and within the interval", () => {
  const found = calibrateDecisions(decided(2_000, { by: 0.1 }), STEPS);
  expect(found?.error.lower).toBeLessThan(0.1);
  expect(found?.error.upper).toBeGreaterThan(0.1);
  expect(found?.error.lower).toBeGreaterThan(found?.errorByChance ?? 1);
  const large = found?.bins.filter(({ answers }) => answers > 200) ?? [];
  expect(large.length).toBeGreaterThan(2);
  expect(large.every(({ confidence, share }) => confidence > share.value)).toBe(true);
});

test("decisions of one trace count as one: the interval is as wide as that of the traces", () => {
  const width = (answers: DecidedAnswer[]) => {
    const { upper = 0, lower = 0 } = calibrateDecisions(answers, STEPS)?.error ?? {};
    return upper - lower;
  };
  const [alone, together] = [width(decided(300)), width(decided(300, { perUnit: 4 }))];
  expect(Math.abs(together / alone - 1)).toBeLessThan(0.2);
});

test("drift is told by step of time, and what lies outside of them is left out", () => {
  const at = (timeMs: number, isRight: boolean): DecidedAnswer => ({ confidence: 0.9, isRight, unit: String(timeMs), timeMs });
  const found = calibrateDecisions([at(-1, true), at(0, true), at(500, true), at(2_100, false), at(4_000, true)], STEPS);
  expect(found?.drift).toEqual([
    { atMs: 0, answers: 2, confidence: 0.9, right: 1, brier: expect.closeTo(0.01, 12), error: expect.closeTo(0.1, 12) },
    { atMs: 2_000, answers: 1, confidence: 0.9, right: 0, brier: expect.closeTo(0.81, 12), error: expect.closeTo(0.9, 12) },
  ]);
  expect(calibrateDecisions([], STEPS)).toBeNull();
});
