import { expect, test } from "vitest";
import { thresholdAbove } from "./threshold.ts";

const belowOf = (confidences: readonly number[], threshold: number): number =>
  confidences.filter((confidence) => confidence < threshold).length;

test.each([
  [[0.9, 0.1, 0.5, 0.3], 0.5, 2],
  [[0.9, 0.1, 0.5, 0.3], 0.51, 3],
  [[0.9, 0.1, 0.5, 0.3], 1, 4],
  [[0.9, 0.1, 0.5, 0.3], 0, 0],
  [[0.2, 0.2, 0.2, 0.8], 0.25, 3],
])("of %j at least %d lie under it, and no more than must", (confidences, share, below) => {
  expect(belowOf(confidences, thresholdAbove(confidences, share))).toBe(below);
});

test("the threshold lies halfway between the highest refused and the lowest accepted confidence", () => {
  expect(thresholdAbove([0.2, 0.4, 0.6], 0.3)).toBeCloseTo(0.3, 12);
  expect(thresholdAbove([0.2, 0.4, 0.6], 1)).toBeCloseTo(0.8, 12);
});
