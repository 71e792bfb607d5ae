import { expect, test } from "vitest";
import { normalQuantile } from "../distributions/normal.ts";
import { clusteredMean } from "../estimates/clusteredMean.ts";
import { pairedProportionsInterval, pairedProportionsNonInferiority } from "./pairedProportions.ts";

test("airway hyper-responsiveness of 21 children before and after a transplant (Fagerland, Lydersen and Laake, 2014)", () => {
  const { lower, upper } = pairedProportionsInterval({ better: 1, worse: 7, items: 21 }, 0.975);
  expect([lower, upper]).toEqual([expect.closeTo(-0.517, 3), expect.closeTo(-0.026, 3)]);
});

test("runs that agree on every item still leave z² / (n + z²)", () => {
  const squared = 1.6448536269514722 ** 2;
  const { lower, upper } = pairedProportionsInterval({ better: 0, worse: 0, items: 50 }, 0.95);
  expect([lower, upper]).toEqual([expect.closeTo(-squared / (50 + squared), 12), expect.closeTo(squared / (50 + squared), 12)]);
});

test("many items: the interval is the usual one", () => {
  const gains = [...Array(1000).fill(-1), ...Array(900).fill(1), ...Array(8100).fill(0)];
  const { mean, standardError } = clusteredMean(gains);
  const { lower, upper } = pairedProportionsInterval({ worse: 1000, better: 900, items: 10_000 }, 0.975);
  expect(lower).toBeCloseTo(mean - 1.96 * standardError, 4);
  expect(upper).toBeCloseTo(mean + 1.96 * standardError, 4);
});

test("sides swapped turn the interval over", () => {
  const one = pairedProportionsInterval({ better: 4, worse: 9, items: 60 }, 0.95);
  const other = pairedProportionsInterval({ better: 9, worse: 4, items: 60 }, 0.95);
  expect([one.lower, one.upper]).toEqual([expect.closeTo(-other.upper, 12), expect.closeTo(-other.lower, 12)]);
});

test("without a margin the statistic is McNemar's: of 86 against 150 disagreements χ² is 17.36, uncorrected", () => {
  const p = pairedProportionsNonInferiority({ worse: 86, better: 150, items: 1_000 }, 0);
  expect(normalQuantile(p) ** 2).toBeCloseTo(17.36, 2);
});

test("non-inferiority agrees with the lower bound", () => {
  const pairs = { better: 30, worse: 34, items: 300 };
  const { lower } = pairedProportionsInterval(pairs, 0.95);
  expect(pairedProportionsNonInferiority(pairs, -lower)).toBeCloseTo(0.05, 9);
  expect(pairedProportionsNonInferiority(pairs, 0.03)).toBeGreaterThan(0.05);
  expect(pairedProportionsNonInferiority({ better: 0, worse: 0, items: 300 }, 0.03)).toBeLessThan(0.05);
});
