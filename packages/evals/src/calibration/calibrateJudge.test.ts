import { expect, test } from "vitest";
import { calibrateJudge, correctJudge, type JudgedLabel } from "./calibrateJudge.ts";

const labels = (judge: boolean, person: boolean, count: number): JudgedLabel[] => Array<JudgedLabel>(count).fill({ judge, person });
const sample = [...labels(true, true, 63), ...labels(false, true, 7), ...labels(false, false, 24), ...labels(true, false, 6)];

test("a judge's record has agreement, sensitivity and specificity, each with an interval", () => {
  const record = calibrateJudge(sample);
  expect(record.counts).toEqual({ truePasses: 63, falseFails: 7, trueFails: 24, falsePasses: 6 });
  // po = 0.87, pe = 0.69 · 0.7 + 0.31 · 0.3 = 0.576
  expect(record.kappa.value).toBeCloseTo((0.87 - 0.576) / (1 - 0.576), 12);
  expect([record.kappa.lower > 0.5, record.kappa.upper < 0.87]).toEqual([true, true]);
  // SciPy's beta quantiles for 63 of 70.
  expect(record.sensitivity).toEqual({ value: 0.9, lower: expect.closeTo(0.8048, 4), upper: expect.closeTo(0.9588, 4) });
  expect(record.specificity?.value).toBe(0.8);
});

test("where people passed everything there is no specificity", () => {
  expect(calibrateJudge([...labels(true, true, 5), ...labels(false, true, 1)]).specificity).toBeNull();
  expect(() => calibrateJudge(labels(true, true, 1))).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

test("a biased judge's rate is put right both ways", () => {
  const unlabelled = [...Array<boolean>(690).fill(true), ...Array<boolean>(310).fill(false)];
  const { raw, powered, byErrors } = correctJudge(unlabelled, sample);
  expect(raw).toBeCloseTo(0.69, 12);
  expect(powered.estimate).toBeCloseTo(0.7, 2);
  expect(byErrors?.estimate).toBeCloseTo(0.7, 12);
  expect(powered.lower).toBeLessThan(0.7);
  expect(powered.upper).toBeGreaterThan(0.7);
});
