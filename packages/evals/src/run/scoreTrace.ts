import type { EvalScore, JudgeUse } from "@signalbox/model";
import type { ScoredItem, TargetAnswer } from "../scorers/scorer.ts";
import type { ReadyScorer } from "../scorers/scorers.ts";
import { requireNeeds, scoreAnswer } from "./scoreTry.ts";

/** The scores of a trace; of a scorer that could say nothing there is none, but why. `used` is what judges took, whatever they said. */
export interface TraceScores {
  readonly scores: readonly EvalScore[];
  readonly failures: readonly string[];
  readonly used: readonly JudgeUse[];
}

/** Scores a trace that is over. Throws as `scoreAnswer` does, and for a scorer that needs what nobody has said of a trace. */
export async function scoreTrace(item: ScoredItem, answer: TargetAnswer, scorers: readonly ReadyScorer[]): Promise<TraceScores> {
  requireNeeds(item, scorers);
  const made = await scoreAnswer(item, answer, scorers);
  return {
    scores: made.filter(({ isFailure }) => !isFailure),
    failures: made.flatMap(({ name, explanation, isFailure }) => (isFailure ? [`${name}: ${explanation}`] : [])),
    used: made.flatMap(({ judge }) => judge ?? []),
  };
}
