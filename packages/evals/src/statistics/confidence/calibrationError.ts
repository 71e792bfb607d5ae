import type { Random } from "@signalbox/model";

/** An answer: its confidence, from 0 to 1, and whether it was right. */
export interface Answer {
  readonly confidence: number;
  readonly isRight: boolean;
}

const BINS = 15;

const binOf = (confidence: number): number => Math.min(BINS - 1, Math.floor(confidence * BINS));

/** The excess of confidence over accuracy in each bin. */
function excessOf(answers: readonly Answer[]): Float64Array {
  const excess = new Float64Array(BINS);
  for (const { confidence, isRight } of answers) {
    const bin = binOf(confidence);
    excess[bin] = (excess[bin] ?? 0) + confidence - (isRight ? 1 : 0);
  }
  return excess;
}

const errorOf = (excess: Float64Array, answers: number): number => excess.reduce((sum, distance) => sum + Math.abs(distance), 0) / answers;

/**
 * The expected calibration error: answers are put into 15 bins of equal width by their confidence, and the
 * distances between a bin's mean confidence and its accuracy are averaged, weighted by the bins' sizes
 * (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). From 0 to 1; NaN without answers.
 */
export function calibrationError(answers: readonly Answer[]): number {
  return errorOf(excessOf(answers), answers.length);
}

/**
 * The calibration errors of samples of `units` drawn with replacement, ascending. Units, whose answers share an outcome, are drawn whole.
 */
export function resampledCalibrationErrors(
  units: readonly (readonly Answer[])[],
  { resamples, random }: { resamples: number; random: Random },
): Float64Array {
  const sums = units.map((answers) => ({ excess: excessOf(answers), answers: answers.length }));
  return new Float64Array(resamples)
    .map(() => {
      const excess = new Float64Array(BINS);
      let answers = 0;
      for (let draw = 0; draw < units.length; draw += 1) {
        const unit = sums[(random() * units.length) | 0] as (typeof sums)[number];
        answers += unit.answers;
        for (let bin = 0; bin < BINS; bin += 1) excess[bin] = (excess[bin] as number) + (unit.excess[bin] as number);
      }
      return errorOf(excess, answers);
    })
    .sort();
}
