/** An answer: how sure its giver was, from 0 to 1, and whether it was right. */
export interface Answer {
  readonly confidence: number;
  readonly isRight: boolean;
}

const BINS = 15;

/**
 * The expected calibration error: answers are put into 15 bins of equal width by their confidence, and the distances between a bin's mean confidence and its
 * share of right answers are averaged by how many answers the bins hold (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). From 0 to 1; NaN without answers.
 */
export function calibrationError(answers: readonly Answer[]): number {
  const excess = new Float64Array(BINS);
  for (const { confidence, isRight } of answers) {
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS));
    excess[bin] = (excess[bin] ?? 0) + confidence - (isRight ? 1 : 0);
  }
  return excess.reduce((sum, distance) => sum + Math.abs(distance), 0) / answers.length;
}
