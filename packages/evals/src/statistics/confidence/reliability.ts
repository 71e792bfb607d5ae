import { clopperPearson, type Interval } from "../estimates/clopperPearson.ts";
import type { Answer } from "./calibrationError.ts";

/** Answers of similar confidence: their number, their mean confidence, and their accuracy with its exact interval. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly answers: number;
  readonly confidence: number;
  readonly right: number;
  readonly share: { readonly value: number } & Interval;
}

const BINS = 10;
const CONFIDENCE = 0.975;

/**
 * The points of a reliability diagram: bins of equal width by confidence, without
 * the empty ones. Calibrated answers lie where accuracy equals confidence.
 */
export function reliabilityBins(answers: readonly Answer[], bins = BINS): ReliabilityBin[] {
  const binOf = ({ confidence }: Answer): number => Math.min(bins - 1, Math.floor(confidence * bins));
  const found = Map.groupBy(answers, binOf);
  return [...found]
    .sort(([one], [other]) => one - other)
    .map(([bin, held]) => {
      const right = held.filter(({ isRight }) => isRight).length;
      return {
        ...{ from: bin / bins, to: (bin + 1) / bins, answers: held.length, right },
        confidence: held.reduce((sum, { confidence }) => sum + confidence, 0) / held.length,
        share: { value: right / held.length, ...clopperPearson(right, held.length, CONFIDENCE) },
      };
    });
}

/**
 * The mean squared distance between an answer's confidence and whether it was right (Brier, 1950, of the
 * chosen answer): 0 is best, 1 worst; constant confidence of one half gives 0.25. NaN without answers.
 */
export function brierScore(answers: readonly Answer[]): number {
  return answers.reduce((sum, { confidence, isRight }) => sum + (confidence - Number(isRight)) ** 2, 0) / answers.length;
}
