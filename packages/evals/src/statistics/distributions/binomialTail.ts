import { betaCdf } from "./betaCdf.ts";

/** Pr(X ≥ `atLeast`) for X ~ Binomial(`trials`, `rate`), by the incomplete beta function, so that no terms are summed and rounded away. */
export function binomialTail(atLeast: number, trials: number, rate: number): number {
  if (atLeast <= 0) return 1;
  if (atLeast > trials) return 0;
  return betaCdf(rate, atLeast, trials - atLeast + 1);
}
