import { AppError, type EvalScore, errorMessage } from "@signalbox/model";
import type { ScoredItem, TargetAnswer } from "../scorers/scorer.ts";
import type { ReadyScorer } from "../scorers/scorers.ts";

/** Throws `invalid_input` if an item lacks something that one of the scorers needs. */
export function requireNeeds(item: ScoredItem, scorers: readonly ReadyScorer[]): void {
  for (const { name, needs } of scorers) {
    if (needs === null || item[needs] !== null) continue;
    throw new AppError("invalid_input", `The scorer ${name} cannot judge item ${item.id}: it has no ${needs}.`, {
      hint: "Give every item one, or leave the scorer out.",
    });
  }
}

/**
 * Every scorer's score of an answer; one that could not score it gives a failure. Throws `invalid_input`,
 * naming the scorer and the item, for a score that is not finite and for a scorer that throws.
 */
export async function scoreAnswer(item: ScoredItem, answer: TargetAnswer, scorers: readonly ReadyScorer[]): Promise<EvalScore[]> {
  const scores: EvalScore[] = [];
  for (const { name, score } of scorers) {
    const { value, passed, explanation, judge, isFailure } = await judged(name, item, () => score(item, answer));
    if (!Number.isFinite(value))
      throw new AppError("invalid_input", `The scorer ${name} gave item ${item.id} the score ${value}: a score is a finite number.`, {
        hint: "Nothing of this try was kept. Mend the scorer and take the run up again.",
      });
    const said = isFailure ? { value: 0, passed: null, explanation, isFailure } : { value, passed, explanation };
    scores.push({ name, ...said, ...(judge === undefined ? {} : { judge }) });
  }
  return scores;
}

async function judged<T>(name: string, item: ScoredItem, judge: () => T | Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const why = errorMessage(cause);
    throw new AppError("invalid_input", `The scorer ${name} failed on item ${item.id}: ${why}`, {
      cause,
      hint: "Nothing of this try was kept. Mend the scorer and take the run up again.",
    });
  }
}

/** The scores of a try without an answer: 0 from every scorer, so that it is missing in no figure. */
export function scoreFailure(reason: string, scorers: readonly ReadyScorer[]): EvalScore[] {
  return scorers.map(({ name }) => ({ name, value: 0, passed: false, explanation: `no answer: ${reason}` }));
}
