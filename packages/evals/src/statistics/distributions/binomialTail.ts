import { betaCdf } from "./betaCdf.ts";

/** Pr(X ≥ `atLeast`) for X ~ Binomial(`trials`, `rate`): the incomplete beta function, so that no term is summed and none rounded away. */
export function binomialTail(atLeast: number, trials: number, rate: number): number {
  if (atLeast <= 0) return 1;
  if (atLeast > trials) return 0;
  return betaCdf(rate, atLeast, trials - atLeast + 1);
}
