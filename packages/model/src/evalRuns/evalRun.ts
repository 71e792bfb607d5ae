import { z } from "zod";
import { DatasetSplit } from "../datasets/datasetItem.ts";
import { ProjectName } from "../projects/project.ts";

/** A requested scorer: its name and options. `as` tells two uses of one scorer in a run apart. */
export const ScorerChoice = z.strictObject({
  name: z.string().min(1),
  as: z.string().min(1).max(60).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
});
export type ScorerChoice = z.infer<typeof ScorerChoice>;

/** The target of an eval run that LangSmith's client drives itself: it cannot be resumed, and its plan becomes known only as it goes on. */
export const LANGSMITH_TARGET = "langsmith";

/** The longest time limit of a try: a day, in milliseconds. A timer set for more than 2^31 - 1 ms would fire at once. */
export const TRY_MS_MAX = 86_400_000;

/** The allowed range of tries started per second. */
export const TRIES_PER_SECOND = { min: 0.001, max: 1_000_000 } as const;

/** The time limit of a try, in milliseconds. */
export const TryMs = z.int().positive().max(TRY_MS_MAX);
/** The most tries started per second; a fraction means one in several seconds. */
export const TriesPerSecond = z.number().min(TRIES_PER_SECOND.min).max(TRIES_PER_SECOND.max);

/**
 * The plan of an eval run, fixed when it begins so that it can be resumed unchanged. `dataset` is `<name>@<version>` or a
 * file's name, `datasetHash` the hash of its items at that time; with a `split`, only its `items` of that split are asked.
 * `target` is `agent`, `agent@<version>`, a URL, a command, or `LANGSMITH_TARGET`; `headers` maps the names of a URL's
 * request headers to the environment variables that hold their values, which are stored nowhere. `unitKey` is the metadata
 * key whose value is shared by items that are not independent of each other; null: every item is a unit of its own.
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
 * An eval run. `finished` counts its tries with a result, `failed` those of them without an answer; the run is over when `endedAt` is set.
 * `note` says why it stopped early. Times are ISO 8601, UTC. Older runs, which recorded no limits on how they ask, are still readable.
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
