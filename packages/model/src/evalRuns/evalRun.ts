import { z } from "zod";
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

/**
 * All that an eval run is asked to do, fixed when it begins, so that it can be taken up again as it was.
 * `dataset` is `<name>@<version>` or a file's name, `datasetHash` what its items were then; `target` is
 * `agent`, `agent@<version>`, a URL, a command, or `LANGSMITH_TARGET`. `unitKey` is the key of an item's
 * metadata that items share which are not independent of each other; null: every item is a unit of its own.
 */
export const EvalRunPlan = z.strictObject({
  project: ProjectName,
  name: z.string().min(1).max(200),
  dataset: z.string().min(1),
  datasetHash: z.string().length(64),
  items: z.int().positive(),
  target: z.string().min(1),
  scorers: z.array(ScorerChoice),
  trials: z.int().positive().max(1_000),
  unitKey: z.string().nullable(),
  concurrency: z.int().positive(),
  ratePerSecond: z.number().positive().nullable(),
  timeoutMs: z.int().positive(),
});
export type EvalRunPlan = z.infer<typeof EvalRunPlan>;

/**
 * An eval run. `finished` of its tries have a result, `failed` of those without an answer; it
 * is over when `endedAt` is set. `note` says why it stopped before. Times are ISO 8601, UTC.
 */
export const EvalRun = EvalRunPlan.extend({
  id: z.uuid(),
  actor: z.string(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  note: z.string().nullable(),
  finished: z.int().nonnegative(),
  failed: z.int().nonnegative(),
});
export type EvalRun = z.infer<typeof EvalRun>;
