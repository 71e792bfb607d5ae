import { expect, test } from "vitest";
import { asymptoticSequence } from "./asymptoticSequence.ts";
import { betaBinomialMixture } from "./betaBinomialMixture.ts";
import { gammaExponentialMixture } from "./gammaExponentialMixture.ts";
import { mixtureBound } from "./mixture.ts";
import { bestPrecision, oneSidedNormalMixture, twoSidedNormalMixture } from "./normalMixture.ts";
import { quantileSequence, sameQuantileP } from "./quantileSequence.ts";
import { rateSequence } from "./rateSequence.ts";

/** Reference values from the tests of confseq, the library by these papers' authors. */
const TWO_SIDED = bestPrecision(100, 0.05);
const ONE_SIDED = bestPrecision(100, 0.1);
const oneTo = (n: number, offset = 0): number[] => Array.from({ length: n }, (_, index) => index + 1 + offset);

test("normal mixtures have the reference's precision, values and bounds", () => {
  expect(TWO_SIDED).toBeCloseTo(12.60056, 5);
  expect(twoSidedNormalMixture(TWO_SIDED)(10, 100)).toBeCloseTo(-0.6510052, 6);
  expect(mixtureBound(twoSidedNormalMixture(TWO_SIDED), 100, 0.05)).toBeCloseTo(30.35209, 5);
  expect(oneSidedNormalMixture(ONE_SIDED)(10, 100)).toBeCloseTo(-0.06502391, 7);
  expect(mixtureBound(oneSidedNormalMixture(ONE_SIDED), 100, 0.05)).toBeCloseTo(27.66071, 5);
});

test("the gamma-exponential mixture has the reference's", () => {
  const mixture = gammaExponentialMixture(ONE_SIDED, 2);
  expect(mixture(10, 100)).toBeCloseTo(-0.2490165, 6);
  expect(mixtureBound(mixture, 100, 0.05)).toBeCloseTo(33.02017, 5);
});

test("beta-binomial mixtures have the reference's, also where a sum cannot be larger", () => {
  const choice = { tightestAt: 100, alpha: 0.05, below: 0.2, above: 0.8 };
  const [one, two] = [betaBinomialMixture({ ...choice, isOneSided: true }), betaBinomialMixture({ ...choice, isOneSided: false })];
  expect(two(10, 100)).toBeCloseTo(-0.6941012, 6);
  expect(mixtureBound(two, 100, 0.05, 100 / 0.2)).toBeCloseTo(31.4308, 4);
  expect(one(10, 100)).toBeCloseTo(-0.07134019, 7);
  expect(mixtureBound(one, 100, 0.05, 100 / 0.2)).toBeCloseTo(28.41238, 5);
  expect(mixtureBound(one, 2 * 0.2 * 0.8, 0.05, 2 * 0.8)).toBeCloseTo(1.6, 5);
});

test.each([
  [700, 1000, 100, 0.651629, 0.745949],
  [15, 50, 50, 0.129556, 0.511896],
  [1, 50, 50, 0, 0.13489],
  [1, 2, 50, 0, 1],
  [100, 200, 1, 0.328923, 0.671076],
])("the rate behind %d of %d, tightest after %d", (passed, total, tightestAfter, lower, upper) => {
  const sequence = rateSequence(passed, total, { alpha: 0.05, tightestAfter });
  expect(sequence.lower).toBeCloseTo(lower, 4);
  expect(sequence.upper).toBeCloseTo(upper, 5);
});

test.each([
  [0.5, 70, 0.814704],
  [0.5, 85, 0.0838055],
  [0.5, 100, 0.0054947],
  [0.9, 55, 0.0340463],
])("the %d-quantiles of a thousand values and of the same, moved by %d", (p, offset, expected) => {
  expect(sameQuantileP(oneTo(1_000), oneTo(1_000, offset), p, 100)).toBeCloseTo(expected, 6);
});

test("a quantile's sequence holds it, is open where there are too few values, and narrows", () => {
  const choice = { alpha: 0.05, tightestAfter: 1_000 };
  expect(quantileSequence(oneTo(10), 0.95, choice).upper).toBe(Number.POSITIVE_INFINITY);
  const few = quantileSequence(oneTo(1_000), 0.95, choice);
  expect(few.lower).toBeGreaterThan(900);
  expect(few.upper).toBeLessThan(980);
  const many = quantileSequence(oneTo(100_000), 0.95, choice);
  expect([many.lower / 100_000, many.upper / 100_000]).toEqual([expect.closeTo(0.95, 2), expect.closeTo(0.95, 2)]);
  expect((many.upper - many.lower) / 100_000).toBeLessThan((few.upper - few.lower) / 1_000 / 5);
});

test("the asymptotic sequence of a difference is GrowthBook's", () => {
  const [a, b] = [
    { sum: 1396.87, sumSquares: 52377.9767, n: 3_000 },
    { sum: 2422.7, sumSquares: 134698.29, n: 3_461 },
  ];
  const varianceOf = ({ sum, sumSquares, n }: typeof a): number => (sumSquares - (sum * sum) / n) / (n - 1);
  const error = Math.sqrt(varianceOf(a) / a.n + varianceOf(b) / b.n);
  const sequence = asymptoticSequence(b.sum / b.n - a.sum / a.n, error, a.n + b.n, { alpha: 0.05, tightestAfter: 5_000 });
  expect(sequence.lower).toBeCloseTo(-0.12656844, 7);
  expect(sequence.upper).toBeCloseTo(0.59532177, 7);
});
