import type { EvalScore, JudgeUse } from "@signalbox/model";
import { unfinished } from "../judges/unfinished.ts";
import type { ScoredItem, TargetAnswer } from "../scorers/scorer.ts";
import type { ReadyScorer } from "../scorers/scorers.ts";
import { requireNeeds, scoreAnswer } from "./scoreTry.ts";

/** The scores of a trace; a scorer that could not score it gives a reason instead. `used` is the judges' usage in any case. */
export interface TraceScores {
  readonly scores: readonly EvalScore[];
  readonly failures: readonly string[];
  readonly used: readonly JudgeUse[];
}

/**
 * Scores a finished trace. Throws as `scoreAnswer` does, with the judges' usage so far
 * (`usedBefore`), and for a scorer that needs an expectation, which a trace does not have.
 */
export async function scoreTrace(item: ScoredItem, answer: TargetAnswer, scorers: readonly ReadyScorer[]): Promise<TraceScores> {
  requireNeeds(item, scorers);
  const made: EvalScore[] = [];
  for (const scorer of scorers) {
    try {
      made.push(...(await scoreAnswer(item, answer, [scorer])));
    } catch (error) {
      throw unfinished(
        error,
        made.flatMap(({ judge }) => judge ?? []),
      );
    }
  }
  return {
    scores: made.filter(({ isFailure }) => !isFailure),
    failures: made.flatMap(({ name, explanation, isFailure }) => (isFailure ? [`${name}: ${explanation}`] : [])),
    used: made.flatMap(({ judge }) => judge ?? []),
  };
}
