import { expect, test } from "vitest";
import { signFlip } from "./signFlip.ts";

test("few gains: the share of sign patterns that reach the sum", () => {
  // Of the 32 sign patterns of 1, 2, 3, 4, 5, those with a sum of at least 11 flip nothing, 1, or 2.
  const { pBetter, pWorse } = signFlip([1, 2, 3, 4, 5], { resamples: 100_000, seed: 1 });
  expect(pBetter).toBeCloseTo(1 / 32, 2);
  expect(pWorse).toBe(1);
  expect(signFlip([-1, 2, 3, 4, 5], { resamples: 100_000, seed: 1 }).pBetter).toBeCloseTo(2 / 32, 2);
});

test("sums that differ in their last digits alone are the same", () => {
  expect(signFlip([0.1, 0.2, 0.3], { resamples: 10_000, seed: 2 }).pBetter).toBeCloseTo(1 / 8, 1);
  expect(signFlip([0, 0, 0], { resamples: 100, seed: 2 })).toEqual({ pWorse: 1, pBetter: 1 });
});
