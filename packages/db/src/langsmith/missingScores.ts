import type { EvalScore } from "@signalbox/model";

/** A try of an experiment: whether it failed, and the names of its scores. */
export interface ScoredTry {
  readonly isFailed: boolean;
  readonly scorers: readonly string[];
}

/** A score that at least this share of the answered tries have is expected of every try. */
const NEARLY_ALL = 0.9;

/**
 * Stand-ins for the scores that a try lacks, derived from the experiment's other tries (LangSmith does not record an
 * experiment's evaluators: feedback may as well be a person's thumb on one run). A score that nearly all answered tries
 * have is 0 for a failed try; any other missing one could not be scored, as when an evaluator threw, and counts nowhere.
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
