import { clopperPearson, type Interval } from "../estimates/clopperPearson.ts";
import type { Answer } from "./calibrationError.ts";

/** Answers that were about as sure: how many, how sure on average, and how many were right, with the exact interval of their share. */
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
 * The points of a reliability diagram: bins of equal width by confidence, without the empty
 * ones. Where the share of right answers is the confidence, the answers are calibrated.
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
 * The mean squared distance between how sure an answer was and whether it was right (Brier, 1950, of the
 * chosen answer): 0 is best, 1 worst; 0.25 is what always being half sure gives. NaN without answers.
 */
export function brierScore(answers: readonly Answer[]): number {
  return answers.reduce((sum, { confidence, isRight }) => sum + (confidence - Number(isRight)) ** 2, 0) / answers.length;
}
