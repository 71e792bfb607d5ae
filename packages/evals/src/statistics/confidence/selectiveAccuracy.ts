import type { Answer } from "./calibrationError.ts";

/**
 * The share of right answers among the surest `coverage` of them (rounded to whole
 * answers; of equally sure ones, those that came first). NaN without answers.
 */
export function selectiveAccuracy(answers: readonly Answer[], coverage: number): number {
  const surest = answers.toSorted((a, b) => b.confidence - a.confidence).slice(0, Math.round(coverage * answers.length));
  return surest.filter(({ isRight }) => isRight).length / surest.length;
}
