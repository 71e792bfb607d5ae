import type { EvalScore, JudgeUse } from "@signalbox/model";
import type { ItemScore, ScoredItem, TargetAnswer } from "../scorers/scorer.ts";
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
  const scores: EvalScore[] = [];
  const failures: string[] = [];
  const used: JudgeUse[] = [];
  for (const scorer of scorers) {
    let given: ItemScore | undefined;
    const score: ReadyScorer["score"] = async (...asked) => {
      given = await scorer.score(...asked);
      return given;
    };
    const made = await scoreAnswer(item, answer, [{ ...scorer, score }]);
    if (given?.isFailure) failures.push(`${scorer.name}: ${given.explanation}`);
    else scores.push(...made);
    if (given?.judge !== undefined) used.push(given.judge);
  }
  return { scores, failures, used };
}
