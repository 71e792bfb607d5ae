import { binomialTail } from "../statistics/distributions/binomialTail.ts";
import { normalCdf } from "../statistics/distributions/normal.ts";

/** The probability beyond three standard errors on one side. */
const BEYOND_THREE = normalCdf(-3);

/**
 * Whether a count of simulations is compatible with a rate of at most `rate`: at most three Monte Carlo errors above it, computed exactly.
 */
export function isAtMost(count: number, sims: number, rate: number): boolean {
  return binomialTail(count, sims, rate) >= BEYOND_THREE;
}

/** Whether a count is compatible with a rate of at least `rate`. */
export function isAtLeast(count: number, sims: number, rate: number): boolean {
  return 1 - binomialTail(count + 1, sims, rate) >= BEYOND_THREE;
}

/** The Monte Carlo error of a rate over this many simulations. */
export function monteCarloError(rate: number, sims: number): number {
  return Math.sqrt((rate * (1 - rate)) / sims);
}
