import type { Interval } from "../estimates/clopperPearson.ts";
import type { SequenceChoice } from "./rateSequence.ts";

/**
 * Bounds for a mean of `n` observations with the standard error `error` that remain valid however often they are looked at. Each end is a
 * bound of its own: it ever errs with a probability of at most alpha (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, arXiv:2103.06476,
 * one-sided normal mixture; GrowthBook's sequential tests). Valid in the limit of many observations: for display, not for decisions.
 */
export function asymptoticSequence(mean: number, error: number, n: number, { alpha, tightestAfter }: SequenceChoice): Interval {
  const log = -2 * Math.log(2 * alpha);
  const grown = (n * (log + Math.log(1 + log))) / tightestAfter;
  const half = error * Math.sqrt(((2 * (grown + 1)) / grown) * Math.log(1 + Math.sqrt(grown + 1) / (2 * alpha)));
  return { lower: mean - half, upper: mean + half };
}
