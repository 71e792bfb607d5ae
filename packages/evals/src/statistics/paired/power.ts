import { normalCdf, normalQuantile } from "../distributions/normal.ts";
import { studentQuantile } from "../distributions/studentT.ts";

/** The error probability of a test (`alpha`, one-sided) and its power. Both in (0, 1). */
export interface ErrorRates {
  readonly alpha: number;
  readonly power: number;
}

/** The probability that a one-sided test at `alpha` finds a true difference (> 0), given its standard error in the same unit. */
export function normalPower(difference: number, standardError: number, alpha: number): number {
  return normalCdf(difference / standardError + normalQuantile(alpha));
}

/** The power of Student's t, with errors estimated from this many degrees of freedom (the approximation of Johnson and Welch, 1940). */
export function studentPower(difference: number, standardError: number, degrees: number, alpha: number): number {
  const t = studentQuantile(1 - alpha, degrees);
  return normalCdf((difference / standardError - t) / Math.sqrt(1 + (t * t) / (2 * degrees)));
}

/**
 * The smallest true difference that a one-sided test detects with the given power: (z_α + z_β) SE (Miller, arXiv:2411.00640, section 5).
 */
export function minimumDetectable(standardError: number, { alpha, power }: ErrorRates): number {
  return (normalQuantile(1 - alpha) + normalQuantile(power)) * standardError;
}

/**
 * The sources of variance between items: that of their true differences,
 * and that of repeats within an item, with each run's number of repeats.
 */
export interface ItemVariances {
  readonly between: number;
  readonly withinBaseline: number;
  readonly withinCandidate: number;
  readonly repeatsBaseline: number;
  readonly repeatsCandidate: number;
}

/**
 * The number of items needed to detect a true difference: (z_α + z_β)² (ω² + σ_A²/K_A + σ_B²/K_B)
 * / δ², rounded up (Miller, arXiv:2411.00640, section 5; for two sides pass alpha / 2).
 */
export function itemsNeeded(difference: number, variances: ItemVariances, { alpha, power }: ErrorRates): number {
  const z = normalQuantile(1 - alpha) + normalQuantile(power);
  const variance =
    variances.between + variances.withinBaseline / variances.repeatsBaseline + variances.withinCandidate / variances.repeatsCandidate;
  return Math.ceil((z * z * variance) / (difference * difference));
}

const INTEGRATION_STEPS = 400;
const FARTHEST = 8;

/** Pr(D1 + D2 > 0 and D1 + D3 > 0) for three independent normal differences with mean `shift` and variance 1, by Simpson's rule. */
function bothSumsPositive(shift: number): number {
  const width = (2 * FARTHEST) / INTEGRATION_STEPS;
  let sum = 0;
  for (let step = 0; step <= INTEGRATION_STEPS; step += 1) {
    const z = -FARTHEST + step * width;
    const weight = step === 0 || step === INTEGRATION_STEPS ? 1 : step % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp((-z * z) / 2) * normalCdf(2 * shift + z) ** 2;
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

/**
 * The power of Wilcoxon's signed rank test, one-sided at `alpha`, for normal differences with a mean of `shift` standard deviations: its
 * statistic is approximately normal with the mean and variance that it has under the shift (Lehmann, "Nonparametrics", 1975, section 4.2).
 */
export function wilcoxonPower(items: number, shift: number, alpha: number): number {
  const positive = normalCdf(shift);
  const sumPositive = normalCdf(Math.SQRT2 * shift);
  const mean = items * positive + ((items * (items - 1)) / 2) * sumPositive;
  const variance =
    items * (items - 1) * (items - 2) * (bothSumsPositive(shift) - sumPositive ** 2) +
    ((items * (items - 1)) / 2) * (2 * (positive - sumPositive) ** 2 + 3 * sumPositive * (1 - sumPositive)) +
    items * positive * (1 - positive);
  const nullMean = (items * (items + 1)) / 4;
  const nullDeviation = Math.sqrt((items * (items + 1) * (2 * items + 1)) / 24);
  const threshold = nullMean + normalQuantile(1 - alpha) * nullDeviation + 0.5;
  return 1 - normalCdf((threshold - mean) / Math.sqrt(variance));
}

const DIFFERENCE_STEPS = 20;

/**
 * The smallest difference up to `largest` at which `powerAt`, which grows,
 * reaches `power`, to a millionth of `largest`; `largest` where it never does.
 */
export function detectableBy(powerAt: (difference: number) => number, power: number, largest: number): number {
  let [low, high] = [0, largest];
  for (let step = 0; step < DIFFERENCE_STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (powerAt(middle) >= power) high = middle;
    else low = middle;
  }
  return high;
}
