import { gammaCdf } from "../distributions/gammaCdf.ts";
import { logGamma } from "../distributions/logGamma.ts";
import type { LogMixture } from "./mixture.ts";

/** The gamma-exponential mixture, for sums that are sub-exponential with scale `c` (Howard et al. 2021, Proposition 9). */
export function gammaExponentialMixture(precision: number, c: number): LogMixture {
  const prior = precision / (c * c);
  const constant = prior * Math.log(prior) - logGamma(prior) - Math.log(gammaCdf(prior, prior));
  return (s, v) => {
    const shape = (v + precision) / (c * c);
    const tilted = (c * s + v) / (c * c);
    return constant + logGamma(shape) + Math.log(gammaCdf(shape, tilted + prior)) - shape * Math.log(tilted + prior) + tilted;
  };
}
