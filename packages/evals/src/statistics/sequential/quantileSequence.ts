import type { Interval } from "../estimates/clopperPearson.ts";
import { logEvidenceAgainstRate, rateSequence, type SequenceChoice } from "./rateSequence.ts";

/**
 * The confidence sequence of a quantile (Howard and Ramdas, arXiv:1906.09712, Theorem 1 by inversion): it contains
 * a value unless the share of observations below it, or of those not above it, is impossible for the `p`-quantile.
 * Ends are observations, or infinite while there are too few. `values` are sorted; `p` is in (0, 1).
 */
export function quantileSequence(values: readonly number[], p: number, choice: SequenceChoice): Interval {
  const n = values.length;
  // The interval of `below` of n contains p exactly for those counts that a p-quantile may have below it.
  const isTooFew = (below: number): boolean => rateSequence(below, n, choice).upper < p;
  const isTooMany = (below: number): boolean => rateSequence(below, n, choice).lower > p;
  const lowest = firstCount(n, (count) => !isTooFew(count));
  const highest = firstCount(n, isTooMany);
  return {
    lower: lowest === 0 ? Number.NEGATIVE_INFINITY : (values[lowest - 1] as number),
    upper: highest > n ? Number.POSITIVE_INFINITY : (values[highest - 1] as number),
  };
}

/** The first count from 0 to n at which a predicate becomes and stays true; n + 1 where there is none. */
function firstCount(n: number, holds: (count: number) => boolean): number {
  let [low, high] = [0, n + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (middle > n || holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The number of sorted values below `x`, or not above it. */
function countBelow(values: readonly number[], x: number, isInclusive: boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle] as number;
    if (value < x || (isInclusive && value === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * An anytime-valid p-value of "both arms have the same `p`-quantile" (Howard and Ramdas, arXiv:1906.09712,
 * Theorem 5): the least evidence, over all values x, that x is not the quantile of both. Both are sorted.
 * Observations must be from the same time: it does not apply to arms whose share grew while the world drifted.
 */
export function sameQuantileP(one: readonly number[], other: readonly number[], p: number, tightestAfter: number): number {
  const arms = [one, other].map((values) => ({ values, likeliest: likeliestCount(values.length, p, tightestAfter) }));
  const evidence = (x: number): number =>
    arms.reduce((sum, { values, likeliest }) => {
      const [below, upTo] = [countBelow(values, x, false), countBelow(values, x, true)];
      // Any count in this range could be the one below x; the evidence is smallest at the nearest to the likeliest.
      const count = Math.min(Math.max(likeliest, below), upTo);
      return sum + logEvidenceAgainstRate(p, count, values.length, tightestAfter);
    }, 0);
  const least = [...one, ...other].reduce((lowest, x) => Math.min(lowest, evidence(x)), Number.POSITIVE_INFINITY);
  return Math.min(1, Math.exp(-least));
}

/**
 * The count (a real number) below a `p`-quantile with the least evidence
 * against it, by golden-section search, since the evidence is unimodal.
 */
function likeliestCount(n: number, p: number, tightestAfter: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, n];
  for (let step = 0; step < 60; step += 1) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (logEvidenceAgainstRate(p, left, n, tightestAfter) < logEvidenceAgainstRate(p, right, n, tightestAfter)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
