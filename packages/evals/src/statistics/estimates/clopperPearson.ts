import { betaQuantile } from "../distributions/betaQuantile.ts";

/** An interval of rates, both ends in [0, 1]. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The exact interval of the rate behind `passed` of `total` independent trials (Clopper and Pearson, 1934). Each end is a
 * bound of its own: it errs with a probability of at most 1 - `confidence`, whatever the rate is. Without trials it is [0, 1].
 */
export function clopperPearson(passed: number, total: number, confidence: number): Interval {
  return {
    lower: passed === 0 ? 0 : betaQuantile(1 - confidence, passed, total - passed + 1),
    upper: passed === total ? 1 : betaQuantile(confidence, passed + 1, total - passed),
  };
}
