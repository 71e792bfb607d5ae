import { binomialTail } from "../distributions/binomialTail.ts";

/** The items on which two runs disagree: `worse` passed before and fail now, `better` failed before and pass now. */
export interface Discordance {
  readonly worse: number;
  readonly better: number;
}

/**
 * McNemar's exact test (1947), all p-values in [0, 1]. `pWorse` is against
 * "the candidate is not worse", `pBetter` against "it is not better".
 */
export interface McNemar {
  readonly pWorse: number;
  readonly pBetter: number;
  readonly pTwoSided: number;
  /** Two-sided, with half of the observed outcome's weight (Fagerland, Lydersen and Laake, 2013): less conservative. */
  readonly midP: number;
}

/** Under no difference each disagreement is a fair coin: `worse` ~ Binomial(worse + better, 1/2). Without disagreements every p is 1. */
export function mcNemar({ worse, better }: Discordance): McNemar {
  const total = worse + better;
  const pWorse = binomialTail(worse, total, 0.5);
  const pBetter = binomialTail(better, total, 0.5);
  const pTwoSided = Math.min(1, 2 * Math.min(pWorse, pBetter));
  const larger = Math.max(worse, better);
  const observed = binomialTail(larger, total, 0.5) - binomialTail(larger + 1, total, 0.5);
  return { pWorse, pBetter, pTwoSided, midP: Math.min(1, pTwoSided - observed) };
}
