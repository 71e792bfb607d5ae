import { expect, test } from "vitest";
import { clopperPearson } from "./clopperPearson.ts";

/**
 * From SciPy 1.x, `beta.ppf(1 - confidence, x, n - x + 1)` and `beta.ppf(confidence, x + 1, n
 * - x)`; 81 of 263 is also the example of Clopper and Pearson's interval in Agresti's book.
 */
test.each([
  [43, 100, 0.95, 0.3460073266213232, 0.5171755003428391],
  [0, 10, 0.95, 0, 0.2588655508930522],
  [10, 10, 0.95, 0.7411344491069478, 1],
  [1, 10, 0.975, 0.0025285785444617865, 0.4450161170281954],
  [81, 263, 0.975, 0.25273674558527126, 0.36762192260135135],
  [12, 50, 0.9, 0.16204951401321407, 0.3346826773548542],
  [570, 572, 0.99, 0.9853863365435842, 0.9997400953734964],
  [3, 7, 0.9999, 0.014396493497788999, 0.9578159439952982],
  [5, 100_000, 0.999, 7.39383786275888e-6, 0.0001645380280400054],
  [999_990, 1_000_000, 0.95, 0.9999830378398117, 0.999994574584606],
])("%d of %d at %d", (passed, total, confidence, lower, upper) => {
  const interval = clopperPearson(passed, total, confidence);
  expect(interval.lower).toBeCloseTo(lower, 11);
  expect(interval.upper).toBeCloseTo(upper, 11);
});

test("a single trial says as little as it can", () => {
  expect(clopperPearson(0, 1, 0.95).lower).toBe(0);
  expect(clopperPearson(0, 1, 0.95).upper).toBeCloseTo(0.95, 14);
  expect(clopperPearson(0, 0, 0.95)).toEqual({ lower: 0, upper: 1 });
});

/** Pr(X = k) for X ~ Binomial(n, p), by the recurrence. */
function binomial(n: number, p: number): number[] {
  const weights = [(1 - p) ** n];
  for (let k = 1; k <= n; k += 1) weights.push(((weights[k - 1] ?? 0) * (n - k + 1) * p) / (k * (1 - p)));
  return weights;
}

test("each bound errs at most as often as the confidence allows, whatever the rate", () => {
  const intervals = Array.from({ length: 31 }, (_, passed) => clopperPearson(passed, 30, 0.9));
  for (let rate = 0.02; rate < 1; rate += 0.02) {
    const weights = binomial(30, rate);
    const errs = (isWrong: (interval: { lower: number; upper: number }) => boolean): number =>
      weights.reduce((sum, weight, passed) => sum + (isWrong(intervals[passed] ?? { lower: 0, upper: 1 }) ? weight : 0), 0);
    expect(errs(({ lower }) => lower > rate)).toBeLessThanOrEqual(0.1 + 1e-12);
    expect(errs(({ upper }) => upper < rate)).toBeLessThanOrEqual(0.1 + 1e-12);
  }
});
