import type { ScoredItem, TargetAnswer } from "./scorer.ts";

/** An item that expects the answer "yes", for tests. */
export function anItem(changes: Partial<ScoredItem> = {}): ScoredItem {
  return { id: "1", input: "yes or no?", expectedOutput: "yes", expectedToolCalls: null, expectedState: null, ...changes };
}

/** An answer that is "yes", for tests. */
export function anAnswer(changes: Partial<TargetAnswer> = {}): TargetAnswer {
  return { output: "yes", toolCalls: null, state: null, reward: null, latencyMs: 10, costUsd: null, tokens: null, ...changes };
}
