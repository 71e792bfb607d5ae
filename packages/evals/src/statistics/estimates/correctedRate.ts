import { normalQuantile } from "../distributions/normal.ts";

/** How often a judge passes what people pass (sensitivity) and fails what people fail (specificity), counted on labels. */
export interface JudgeCounts {
  readonly truePasses: number;
  readonly falseFails: number;
  readonly trueFails: number;
  readonly falsePasses: number;
}

/** A rate with its error; the interval's ends each err with a probability of about 1 - confidence, and lie in [0, 1]. */
export interface CorrectedRate {
  readonly estimate: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

/** Below this a judge tells passes from failures too badly to be corrected. */
const INFORMATION_MIN = 0.3;

const clipped = (rate: number): number => Math.min(1, Math.max(0, rate));

/**
 * The pass rate behind a judge's: (p + specificity - 1) / (sensitivity + specificity - 1) (Rogan and Gladen, 1978), its variance of the
 * judged and of the labelled items (Lang and Reiczigel, 2014; for language models Lee et al., arXiv:2511.21140). `judged` counts what
 * the judge passed. Null where sensitivity + specificity - 1 is below 0.3, or a class has no label: then nothing can be corrected.
 */
export function correctedRate(judged: { passed: number; total: number }, counts: JudgeCounts, confidence: number): CorrectedRate | null {
  const [passes, fails] = [counts.truePasses + counts.falseFails, counts.trueFails + counts.falsePasses];
  if (passes === 0 || fails === 0 || judged.total === 0) return null;
  const [sensitivity, specificity] = [counts.truePasses / passes, counts.trueFails / fails];
  const information = sensitivity + specificity - 1;
  if (information < INFORMATION_MIN) return null;
  const rate = judged.passed / judged.total;
  const estimate = clipped((rate + specificity - 1) / information);
  const variance =
    (rate * (1 - rate)) / judged.total +
    (estimate ** 2 * sensitivity * (1 - sensitivity)) / passes +
    ((1 - estimate) ** 2 * specificity * (1 - specificity)) / fails;
  const standardError = Math.sqrt(variance) / information;
  const reach = normalQuantile(confidence) * standardError;
  return { estimate, standardError, lower: clipped(estimate - reach), upper: clipped(estimate + reach) };
}
