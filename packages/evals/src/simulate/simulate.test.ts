import { expect, test } from "vitest";
import { COMPARISON_MODELS } from "./comparisonModels.ts";
import { simulateComparison } from "./simulateComparisons.ts";
import { simulateJudge } from "./simulateJudge.ts";
import { isAtLeast, isAtMost } from "./withinErrors.ts";

const simulation = { sims: 400, alpha: 0.05, margin: 0.03, resamples: 199, seed: 1 };

test.each(COMPARISON_MODELS.map((model) => [model.name, model] as const))(
  "%s calls no equal pair worse too often, and finds a drop as often as its formula says",
  (_, model) => {
    for (const drop of [0, 0.05]) expect(simulateComparison({ model, items: 300, drop }, simulation)).toMatchObject({ holds: true });
  },
);

test("the same seed draws the same, and a wrong formula is found out", () => {
  const [model] = COMPARISON_MODELS;
  if (model === undefined) throw new Error("there is a model");
  const cell = { model, items: 300, drop: 0.05 };
  expect(simulateComparison(cell, simulation)).toEqual(simulateComparison(cell, simulation));
  expect(simulateComparison({ ...cell, model: { ...model, powerOf: () => 0.7 } }, simulation).holds).toBe(false);
});

test("a judge whose mean is ten points too high is corrected", () => {
  const figures = simulateJudge({ sims: 200, seed: 1 });
  expect(figures.rawMean - figures.truth).toBeCloseTo(0.1, 2);
  expect(figures.poweredMean - figures.truth).toBeCloseTo(0, 2);
  expect([figures.holds, figures.rawCoverage]).toEqual([true, 0]);
});

test("three Monte Carlo errors are reckoned exactly", () => {
  // 0.05 · 2000 = 100, an error of 9.75: three of them reach 129.
  expect([isAtMost(129, 2_000, 0.05), isAtMost(135, 2_000, 0.05)]).toEqual([true, false]);
  expect([isAtLeast(72, 2_000, 0.05), isAtLeast(66, 2_000, 0.05)]).toEqual([true, false]);
  expect(isAtLeast(1_999, 2_000, 0.99995)).toBe(true);
});
