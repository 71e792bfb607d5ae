import { normalQuantile } from "@signalbox/evals";

/** The shift of one sample against another: the Hodges-Lehmann estimate, with its confidence interval. */
export interface Shift {
  readonly lower: number;
  readonly estimate: number;
  readonly upper: number;
}

/**
 * The shift between two samples by the Mann-Whitney test: the order statistics
 * of all differences, with the normal approximation (as in Kayenta's judge).
 */
export function mannWhitneyShift(experiment: Float64Array, control: Float64Array, confidence: number): Shift {
  const differences = new Float64Array(experiment.length * control.length);
  let at = 0;
  for (const one of experiment) for (const other of control) differences[at++] = one - other;
  differences.sort();
  const n = differences.length;
  const deviation = Math.sqrt((n * (experiment.length + control.length + 1)) / 12);
  const rank = Math.max(1, Math.floor(n / 2 - normalQuantile((1 + confidence) / 2) * deviation));
  const nth = (position: number): number => differences[position - 1] as number;
  return { lower: nth(rank), estimate: (nth(Math.ceil(n / 2)) + nth(Math.floor(n / 2) + 1)) / 2, upper: nth(n + 1 - rank) };
}
