import { z } from "zod";
import { DatasetSplit } from "../datasets/datasetItem.ts";
import { ProjectName } from "../projects/project.ts";

/** A scorer as people ask for it: by name, with options of its own. Two of one scorer in a run are told apart by `as`. */
export const ScorerChoice = z.strictObject({
  name: z.string().min(1),
  as: z.string().min(1).max(60).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
});
export type ScorerChoice = z.infer<typeof ScorerChoice>;

/**
 * The target of an eval run that LangSmith's client asked itself: it cannot be
 * taken up again, and what it is asked to do becomes known while it goes on.
 */
export const LANGSMITH_TARGET = "langsmith";

/** An answer may take a day, in milliseconds: a timer that waits for more than 2^31 - 1 fires at once. */
export const TRY_MS_MAX = 86_400_000;

/** How many tries may begin in a second. */
export const TRIES_PER_SECOND = { min: 0.001, max: 1_000_000 } as const;

/** How long a try may take, in milliseconds. */
export const TryMs = z.int().positive().max(TRY_MS_MAX);
/** How many tries begin in a second at most; a part of one is one in several seconds. */
export const TriesPerSecond = z.number().min(TRIES_PER_SECOND.min).max(TRIES_PER_SECOND.max);

/**
 * All that an eval run is asked to do, fixed when it begins, so that it can be taken up again as it was.
 * `dataset` is `<name>@<version>` or a file's name, `datasetHash` what its items were then; with a `split` only its
 * `items` of that split are asked. `target` is `agent`, `agent@<version>`, a URL, a command, or `LANGSMITH_TARGET`; `headers` that a
 * URL is asked with, by their names, are in these variables of the environment: their values are kept nowhere. `unitKey` is the key
 * of an item's metadata that items share which are not independent of each other; null: every item is a unit of its own.
 */
export const EvalRunPlan = z.strictObject({
  project: ProjectName,
  name: z.string().min(1).max(200),
  dataset: z.string().min(1),
  datasetHash: z.string().length(64),
  split: DatasetSplit.exactOptional(),
  items: z.int().positive(),
  target: z.string().min(1),
  headers: z.record(z.string(), z.string()).exactOptional(),
  scorers: z.array(ScorerChoice),
  trials: z.int().positive().max(1_000),
  unitKey: z.string().nullable(),
  concurrency: z.int().positive(),
  ratePerSecond: TriesPerSecond.nullable(),
  timeoutMs: TryMs,
});
export type EvalRunPlan = z.infer<typeof EvalRunPlan>;

/**
 * An eval run. `finished` of its tries have a result, `failed` of those without an answer; it
 * is over when `endedAt` is set. `note` says why it stopped before. Times are ISO 8601, UTC. Runs from before
 * how they ask was bounded are read as they are.
 */
export const EvalRun = EvalRunPlan.extend({
  ratePerSecond: z.number().positive().nullable(),
  timeoutMs: z.int().positive(),
  id: z.uuid(),
  actor: z.string(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  note: z.string().nullable(),
  finished: z.int().nonnegative(),
  failed: z.int().nonnegative(),
});
export type EvalRun = z.infer<typeof EvalRun>;
