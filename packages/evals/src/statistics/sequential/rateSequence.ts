import { halved } from "../distributions/halved.ts";
import type { Interval } from "../estimates/clopperPearson.ts";
import { betaBinomialMixture } from "./betaBinomialMixture.ts";

/** The error probability of a confidence sequence, and the number of observations at which it is tightest. */
export interface SequenceChoice {
  readonly alpha: number;
  readonly tightestAfter: number;
}

/** The level at which the mixtures are tuned: a design constant, not the sequence's error. */
const TIGHT_ALPHA = 0.05;

/** The logarithm of the evidence against "the rate is `rate`" after observing `below` of `total`. */
export function logEvidenceAgainstRate(rate: number, below: number, total: number, tightestAfter: number): number {
  const variance = rate * (1 - rate);
  const choice = { tightestAt: variance * tightestAfter, alpha: TIGHT_ALPHA, below: rate, above: 1 - rate, isOneSided: false };
  return betaBinomialMixture(choice)(below - rate * total, variance * total);
}

/**
 * The confidence sequence of a rate after `passed` of `total` independent observations: the
 * true rate is in all of its intervals simultaneously, however many are looked at, with a
 * probability of at least 1 - alpha (Howard et al. 2021, beta-binomial mixture, two-sided).
 */
export function rateSequence(passed: number, total: number, { alpha, tightestAfter }: SequenceChoice): Interval {
  if (total === 0) return { lower: 0, upper: 1 };
  const isIn = (rate: number): boolean => logEvidenceAgainstRate(rate, passed, total, tightestAfter) < Math.log(1 / alpha);
  const seen = passed / total;
  return {
    lower: passed === 0 ? 0 : halved(0, seen, (rate) => rate > 0 && isIn(rate)),
    upper: passed === total ? 1 : halved(seen, 1, (rate) => rate >= 1 || !isIn(rate)),
  };
}
