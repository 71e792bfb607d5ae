import { normalQuantile } from "../distributions/normal.ts";

/** A judge's sensitivity (passing what people pass) and specificity (failing what people fail), as counts on labels. */
export interface JudgeCounts {
  readonly truePasses: number;
  readonly falseFails: number;
  readonly trueFails: number;
  readonly falsePasses: number;
}

/** A rate with its interval, whose ends each err with a probability of about 1 - confidence, and lie in [0, 1]. */
export interface CorrectedRate {
  readonly estimate: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

/** Below this value of sensitivity + specificity - 1 a judge cannot be corrected. */
const INFORMATION_MIN = 0.3;

/** The same limit for the rates that are shrunk towards a half for the interval. */
const DRAWN_INFORMATION_MIN = 0.1;

const clipped = (rate: number): number => Math.min(1, Math.max(0, rate));

/**
 * The true pass rate behind a judge's: (p + specificity - 1) / (sensitivity + specificity - 1) (Rogan and Gladen, 1978; for language
 * models Lee et al., arXiv:2511.21140). The interval is that of Lang and Reiczigel (2014): its variance covers both the judged and the
 * labelled items, with each rate shrunk towards a half, so that a judge without errors on few labels is not taken for perfect. `judged`
 * counts the items that the judge passed. Null where sensitivity + specificity - 1 is below 0.3, or a class has no label or too few.
 */
export function correctedRate(judged: { passed: number; total: number }, counts: JudgeCounts, confidence: number): CorrectedRate | null {
  const [passes, fails] = [counts.truePasses + counts.falseFails, counts.trueFails + counts.falsePasses];
  if (passes === 0 || fails === 0 || judged.total === 0) return null;
  const [sensitivity, specificity] = [counts.truePasses / passes, counts.trueFails / fails];
  const information = sensitivity + specificity - 1;
  if (information < INFORMATION_MIN) return null;
  const estimate = clipped((judged.passed / judged.total + specificity - 1) / information);
  const z = normalQuantile(confidence);
  const drawn = {
    rate: (judged.passed + z ** 2 / 2) / (judged.total + z ** 2),
    sensitivity: (counts.truePasses + 1) / (passes + 2),
    specificity: (counts.trueFails + 1) / (fails + 2),
  };
  const drawnInformation = drawn.sensitivity + drawn.specificity - 1;
  if (drawnInformation < DRAWN_INFORMATION_MIN) return null;
  const centre = (drawn.rate + drawn.specificity - 1) / drawnInformation;
  const [ofPasses, ofFails] = [
    (drawn.sensitivity * (1 - drawn.sensitivity)) / (passes + 2),
    (drawn.specificity * (1 - drawn.specificity)) / (fails + 2),
  ];
  const shift = 2 * z ** 2 * (centre * ofPasses - (1 - centre) * ofFails);
  const variance = (drawn.rate * (1 - drawn.rate)) / (judged.total + z ** 2) + centre ** 2 * ofPasses + (1 - centre) ** 2 * ofFails;
  const standardError = Math.sqrt(variance) / drawnInformation;
  const [lower, upper] = [centre + shift - z * standardError, centre + shift + z * standardError];
  return {
    ...{ estimate, standardError },
    ...{ lower: clipped(Math.min(lower, estimate)), upper: clipped(Math.max(upper, estimate)) },
  };
}
