import { AppError, type EvalResult } from "@signalbox/model";

/** One trial of an item in an eval run, with its scores by metric name. */
export interface ScoredTrial {
  readonly item: string;
  /** The cluster of items that are not independent: a conversation, a document. */
  readonly cluster?: string | undefined;
  /** It timed out, crashed or ended in the dead letter queue: it counts as the worst possible score, if that is known. */
  readonly failed?: boolean | undefined;
  readonly scores: Readonly<Record<string, number>>;
  /** The metrics that could not be scored here, as when a judge failed: they are neither the worst score nor any other. */
  readonly unscored?: readonly string[] | undefined;
  /** The trace that shows what happened; null or left out if there is none. */
  readonly traceId?: string | null | undefined;
}

/** An eval run as input of a comparison: every trial of every item, in any order. */
export interface ScoredRun {
  readonly name: string;
  readonly trials: readonly ScoredTrial[];
}

/** A result as input of a comparison. */
export function scoredTrial({
  itemId,
  unit,
  state,
  scores,
  traceId,
}: Pick<EvalResult, "itemId" | "unit" | "state" | "scores" | "traceId">): ScoredTrial {
  const values = scores.flatMap(({ name, value, isFailure }) => (isFailure ? [] : [[name, value] as const]));
  const unscored = scores.flatMap(({ name, isFailure }) => (isFailure ? [name] : []));
  return { item: itemId, cluster: unit, failed: state === "failed", scores: Object.fromEntries(values), unscored, traceId };
}

/** The results of `evaluate` under a name, for `expectNonInferior` and `compareRuns`. */
export function scoredRun(name: string, { results }: { readonly results: readonly EvalResult[] }): ScoredRun {
  return { name, trials: results.map(scoredTrial) };
}

/** The trials of each item, in the order in which items first occur. Throws `invalid_input` for a score that is not finite. */
export function trialsByItem({ name, trials }: ScoredRun): Map<string, ScoredTrial[]> {
  const items = new Map<string, ScoredTrial[]>();
  for (const trial of trials) {
    for (const [metric, score] of Object.entries(trial.scores)) {
      if (!Number.isFinite(score))
        throw new AppError(
          "invalid_input",
          `The score ${metric} of item ${trial.item} in ${name} is ${score}, which is not a number to compare.`,
        );
    }
    const known = items.get(trial.item);
    if (known === undefined) items.set(trial.item, [trial]);
    else known.push(trial);
  }
  return items;
}
