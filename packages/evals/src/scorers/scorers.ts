import { ending } from "./ending/ending.ts";
import { finalState } from "./finalState/finalState.ts";
import { outputs } from "./outputs/outputs.ts";
import type { ExpectedRun, FinishedRun, Judgement, Scorer } from "./scorer.ts";

/** Every scorer of a finished run. */
export const scorers = [finalState, outputs, ending] as const satisfies readonly Scorer[];

/** A scorer's name. */
export type ScorerName = (typeof scorers)[number]["name"];

/** The judgement of every scorer, by its name. */
export type Judgements = Readonly<Record<ScorerName, Judgement>>;

/** What a finished run is worth by the rule of τ-bench: 1 if every scorer passes it, else 0. */
export function judgeRun(run: FinishedRun, expected: ExpectedRun): { reward: 0 | 1; judgements: Judgements } {
  const judged = scorers.map((scorer) => [scorer.name, scorer.score(run, expected)] as const);
  return {
    reward: judged.every(([, { passed }]) => passed) ? 1 : 0,
    judgements: Object.fromEntries(judged) as Record<ScorerName, Judgement>,
  };
}
