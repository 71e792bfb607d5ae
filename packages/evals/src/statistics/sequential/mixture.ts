import { halved } from "../distributions/halved.ts";

/**
 * A mixture supermartingale of Howard, Ramdas, McAuliffe and Sekhon ("Time-uniform, nonparametric,
 * nonasymptotic confidence sequences", 2021, §3): the logarithm of its value at a sum `s` of centred
 * observations with the intrinsic variance `v`. It ever reaches 1/α with a probability of at most α.
 */
export type LogMixture = (s: number, v: number) => number;

const DOUBLINGS_MAX = 50;

/**
 * The smallest sum at which a mixture reaches 1/`alpha` at the intrinsic
 * variance `v`: its boundary there. `sumMax` is the largest possible sum.
 */
export function mixtureBound(mixture: LogMixture, v: number, alpha: number, sumMax = Number.POSITIVE_INFINITY): number {
  const isReached = (s: number): boolean => mixture(s, v) >= Math.log(1 / alpha);
  let high = Math.min(v, sumMax);
  for (let doubled = 0; high < sumMax && !isReached(high) && doubled < DOUBLINGS_MAX; doubled += 1) high = Math.min(2 * high, sumMax);
  return isReached(high) ? halved(0, high, isReached) : high;
}
