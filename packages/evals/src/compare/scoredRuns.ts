import type { ScoredRun, ScoredTrial } from "./scoredRun.ts";

/** A test's run: one trial per item, named by its index, with the scores of one metric. */
export function aScoredRun(name: string, scores: readonly number[], change: Partial<ScoredTrial> = {}, metric = "passed"): ScoredRun {
  return { name, trials: scores.map((score, index) => ({ item: String(index), scores: { [metric]: score }, ...change })) };
}

/** The given numbers of passes and failures, in this order. */
export function passes(...counts: readonly (readonly [score: 0 | 1, times: number])[]): number[] {
  return counts.flatMap(([score, times]) => Array<number>(times).fill(score));
}
