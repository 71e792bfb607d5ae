import type { Interval } from "../estimates/clopperPearson.ts";
import { logEvidenceAgainstRate, type SequenceChoice } from "./rateSequence.ts";

/** Between which of n sorted observations a quantile lies, by their places from 1; 0 and n + 1 where there are too few to say. */
export interface QuantileRanks {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The confidence sequence of a quantile (Howard and Ramdas, arXiv:1906.09712, Theorem 1 by inversion): a value is in it unless the
 * share of observations below it, or of those that are not above it, is one that `p`, in (0, 1), cannot have.
 */
export function quantileRanks(n: number, p: number, { alpha, tightestAfter }: SequenceChoice): QuantileRanks {
  // Counts that a p-quantile cannot have below it: their evidence against p is enough.
  const isOut = (below: number): boolean => logEvidenceAgainstRate(p, below, n, tightestAfter) >= Math.log(1 / alpha);
  return {
    lower: firstCount(n, (below) => below >= p * n || !isOut(below)),
    upper: firstCount(n, (below) => below > p * n && isOut(below)),
  };
}

/** The same of sorted `values`: ends are observations, or infinite while there are too few. */
export function quantileSequence(values: readonly number[], p: number, choice: SequenceChoice): Interval {
  const { lower, upper } = quantileRanks(values.length, p, choice);
  return { lower: values[lower - 1] ?? Number.NEGATIVE_INFINITY, upper: values[upper - 1] ?? Number.POSITIVE_INFINITY };
}

/** The first count from 0 to n for which something is true that stays true; n + 1 where there is none. */
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
