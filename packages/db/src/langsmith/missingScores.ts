import type { EvalScore } from "@signalbox/model";

/** A try of an experiment: whether it failed, and the names of the scores that it was given. */
export interface ScoredTry {
  readonly isFailed: boolean;
  readonly scorers: readonly string[];
}

/** A name that so many of the answered tries have a score of is one that every try is scored by. */
const NEARLY_ALL = 0.9;

/**
 * The scores that stand for those which a try was not given, by what the experiment's tries have (LangSmith says nowhere which
 * evaluators an experiment has: feedback may as well be a person's thumb on one run). What scored nearly all of the answered tries
 * gives a failed one 0; what else is missing could not be scored, as of an evaluator that threw, and counts nowhere.
 */
export function missingScores(tries: readonly ScoredTry[]): (one: ScoredTry) => EvalScore[] {
  const answered = tries.filter(({ isFailed }) => !isFailed);
  const scored = new Map<string, number>();
  for (const name of tries.flatMap(({ scorers }) => scorers)) scored.set(name, 0);
  for (const name of answered.flatMap(({ scorers }) => scorers)) scored.set(name, (scored.get(name) ?? 0) + 1);
  const ofAll = new Set([...scored].flatMap(([name, count]) => (count > 0 && count >= NEARLY_ALL * answered.length ? [name] : [])));
  const names = [...scored.keys()].sort();
  return ({ isFailed, scorers }) =>
    names
      .filter((name) => !scorers.includes(name))
      .map((name) =>
        isFailed && ofAll.has(name)
          ? { name, value: 0, passed: false, explanation: "The run failed." }
          : { name, value: 0, passed: null, explanation: "no score: no feedback of this name came", isFailure: true },
      );
}
