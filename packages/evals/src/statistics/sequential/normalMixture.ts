import { normalCdf } from "../distributions/normal.ts";
import type { LogMixture } from "./mixture.ts";

/**
 * The precision of the normal mixture that is tightest, at level `alpha`, at the
 * intrinsic variance `v` (Howard et al. 2021, §3.5). One-sided: pass twice the alpha.
 */
export function bestPrecision(v: number, alpha: number): number {
  const log = Math.log(1 / alpha);
  return v / (2 * log + Math.log(1 + 2 * log));
}

/** The two-sided normal mixture (Howard et al. 2021, eq. 14). */
export function twoSidedNormalMixture(precision: number): LogMixture {
  return (s, v) => Math.log(precision / (v + precision)) / 2 + (s * s) / (2 * (v + precision));
}

/** The one-sided normal mixture (Howard et al. 2021, Proposition 6). */
export function oneSidedNormalMixture(precision: number): LogMixture {
  return (s, v) =>
    Math.log((4 * precision) / (v + precision)) / 2 + (s * s) / (2 * (v + precision)) + Math.log(normalCdf(s / Math.sqrt(v + precision)));
}
