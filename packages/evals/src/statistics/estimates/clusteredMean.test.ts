import { expect, test } from "vitest";
import { clusteredMean } from "./clusteredMean.ts";

const depression = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01];

test("without clusters it is the standard error of paired differences (SciPy's paired t)", () => {
  const { mean, standardError, degrees } = clusteredMean(depression);
  expect([mean, standardError, degrees]).toEqual([expect.closeTo(0.43188888888888893, 12), expect.closeTo(0.14228516402364152, 12), 8]);
});

test("clusters of one change nothing, with names or without", () => {
  const alone = clusteredMean(depression).standardError;
  expect(clusteredMean(depression, depression.map(String)).standardError).toBeCloseTo(alone, 14);
  expect(
    clusteredMean(
      depression,
      depression.map(() => undefined),
    ).standardError,
  ).toBeCloseTo(alone, 14);
});

test("items told twice have the standard error of the items told once", () => {
  const twice = [...depression, ...depression];
  const names = twice.map((_, index) => String(index % depression.length));
  expect(clusteredMean(twice, names).standardError).toBeCloseTo(clusteredMean(depression).standardError, 14);
  expect(clusteredMean(twice).standardError).toBeLessThan(clusteredMean(depression).standardError);
});

test("by hand: two clusters of two", () => {
  // Mean 2; deviations by cluster: (1 - 2) + (2 - 2) = -1 and (2 - 2) + (3 - 2) = 1.
  expect(clusteredMean([1, 2, 2, 3], ["a", "a", "b", "b"])).toEqual({ mean: 2, standardError: Math.sqrt(2 * 2) / 4, degrees: 1 });
});

test("one cluster says nothing about its error", () => {
  expect(clusteredMean([1, 2], ["a", "a"]).standardError).toBeNaN();
  expect(clusteredMean([1]).standardError).toBeNaN();
});
