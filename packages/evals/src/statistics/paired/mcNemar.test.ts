import { expect, test } from "vitest";
import { mcNemar } from "./mcNemar.ts";

/** Published two-sided p-values, and R's `binom.test`. */
test.each([
  [59, 121, 4.434449e-6],
  [86, 150, 3.715936e-5],
])("%d against %d disagreements", (worse, better, pTwoSided) => {
  const exact = mcNemar({ worse, better });
  expect(exact.pTwoSided / pTwoSided).toBeCloseTo(1, 6);
  expect(mcNemar({ worse: better, better: worse }).pTwoSided).toBeCloseTo(exact.pTwoSided, 15);
});

test("each one-sided p-value is a tail of a fair coin's binomial distribution", () => {
  expect(mcNemar({ worse: 7, better: 0 })).toMatchObject({ pWorse: expect.closeTo(1 / 128, 15), pBetter: 1 });
  expect(mcNemar({ worse: 9, better: 10 }).pWorse).toBeCloseTo(0.676197052, 9);
  expect(mcNemar({ worse: 8, better: 4 }).pWorse).toBeCloseTo((495 + 220 + 66 + 12 + 1) / 4096, 14);
});

test("the mid-p takes the observed outcome by half", () => {
  expect(mcNemar({ worse: 8, better: 4 }).midP).toBeCloseTo((2 * (495 + 220 + 66 + 12 + 1) - 495) / 4096, 14);
});

test("without disagreements all p-values are 1", () => {
  expect(mcNemar({ worse: 0, better: 0 })).toMatchObject({ pWorse: 1, pBetter: 1, pTwoSided: 1 });
});
