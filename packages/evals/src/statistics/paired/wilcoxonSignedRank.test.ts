import { expect, test } from "vitest";
import { wilcoxonSignedRank } from "./wilcoxonSignedRank.ts";

/** Hamilton's depression scale before and after a tranquilliser (Hollander and Wolfe, 1973, table 3.1). */
const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];

test("the depression data have V = 40 and an exact one-sided p of 0.01953125", () => {
  const { rankSum, pBetter, pTwoSided, isExact } = wilcoxonSignedRank(before.map((value, index) => value - (after[index] as number)));
  expect([rankSum, isExact]).toEqual([40, true]);
  expect(pBetter).toBeCloseTo(0.01953125, 15);
  expect(pTwoSided).toBeCloseTo(0.0390625, 15);
});

test("the exact weights are those of all sign patterns", () => {
  const sizes = [1, 2, 3, 4, 5];
  const observed = wilcoxonSignedRank([1, 2, -3, 4, -5]);
  const sums = Array.from({ length: 32 }, (_, pattern) => sizes.reduce((sum, size, bit) => sum + ((pattern >> bit) & 1 ? size : 0), 0));
  expect(observed.rankSum).toBe(7);
  expect(observed.pWorse).toBeCloseTo(sums.filter((sum) => sum <= 7).length / 32, 15);
  expect(observed.pBetter).toBeCloseTo(sums.filter((sum) => sum >= 7).length / 32, 15);
});

test("zeros are dropped, ties share ranks and lower the variance (SciPy, approximate with correction)", () => {
  const { rankSum, isExact, pTwoSided } = wilcoxonSignedRank([1, 1, -1, 2, 2, 0, 0, 3, -2, 1, 1, 2]);
  expect([rankSum, isExact]).toEqual([44.5, false]);
  expect(pTwoSided).toBeCloseTo(0.08623741992548661, 10);
});

test("differences that are all zero have p-values of 1", () => {
  expect(wilcoxonSignedRank([0, 0, 0])).toMatchObject({ pWorse: 1, pBetter: 1 });
});
