import { AppError, type EvalResult } from "@signalbox/model";

/** One trial of an item in an eval run. What it scored, by the name of the metric. */
export interface ScoredTrial {
  readonly item: string;
  /** What items share that do not vary by themselves: a conversation, a document. */
  readonly cluster?: string | undefined;
  /** It timed out, crashed or ended in the dead letter queue: it counts as the worst there is, if that is known. */
  readonly failed?: boolean | undefined;
  readonly scores: Readonly<Record<string, number>>;
  /** The metrics that nobody could score here, as a judge failed: they are no worst, and no score. */
  readonly unscored?: readonly string[] | undefined;
  /** Where to look at what happened; null or left out if nobody told of a trace. */
  readonly traceId?: string | null | undefined;
}

/** An eval run as a comparison needs it: every trial of every item, those of one item in any place. */
export interface ScoredRun {
  readonly name: string;
  readonly trials: readonly ScoredTrial[];
}

/** A result as a comparison needs it. */
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

/** What `evaluate` gave, under a name, for `expectNonInferior` and `compareRuns`. */
export function scoredRun(name: string, { results }: { readonly results: readonly EvalResult[] }): ScoredRun {
  return { name, trials: results.map(scoredTrial) };
}

/** The trials of each item, in the order in which items first turn up. Throws `invalid_input` at a score that is no finite number. */
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
