import type { Answer } from "./calibrationError.ts";

/** The accuracy of the surest `coverage` of the answers (rounded to whole answers; ties in the order given). NaN without answers. */
export function selectiveAccuracy(answers: readonly Answer[], coverage: number): number {
  const surest = answers.toSorted((a, b) => b.confidence - a.confidence).slice(0, Math.round(coverage * answers.length));
  return surest.filter(({ isRight }) => isRight).length / surest.length;
}
