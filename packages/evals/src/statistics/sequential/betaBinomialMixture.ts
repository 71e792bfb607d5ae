import { betaCdf } from "../distributions/betaCdf.ts";
import { logGamma } from "../distributions/logGamma.ts";
import type { LogMixture } from "./mixture.ts";
import { bestPrecision } from "./normalMixture.ts";

/**
 * The parameters of a beta-binomial mixture: tightest, at level `alpha`, at the intrinsic
 * variance `tightestAt`. Observations are at least -`below` and at most `above` (both > 0).
 */
export interface BetaBinomialChoice {
  readonly tightestAt: number;
  readonly alpha: number;
  readonly below: number;
  readonly above: number;
  readonly isOneSided: boolean;
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** A lower bound on the precision, relative to `below` times `above`. */
const PRECISION_MIN = 1e-3;

/** The beta-binomial mixture, for bounded observations (Howard et al. 2021, Propositions 7 and 8). A sum can be at most `v / below`. */
export function betaBinomialMixture({ tightestAt, alpha, below: g, above: h, isOneSided }: BetaBinomialChoice): LogMixture {
  const r = Math.max(bestPrecision(tightestAt, isOneSided ? 2 * alpha : alpha) - g * h, PRECISION_MIN * g * h);
  const logPart = (a: number, b: number): number => logBeta(a, b) + (isOneSided ? Math.log(betaCdf(h / (g + h), a, b)) : 0);
  const constant = logPart(r / (g * (g + h)), r / (h * (g + h)));
  return (s, v) =>
    (v / (g * h)) * Math.log(g + h) -
    ((v + h * s) / (h * (g + h))) * Math.log(g) -
    ((v - g * s) / (g * (g + h))) * Math.log(h) +
    logPart((r + v - g * s) / (g * (g + h)), (r + v + h * s) / (h * (g + h))) -
    constant;
}
