import { z } from "zod";
import { Divergence, KeptReplayPlan, ReplayReport } from "./replay.ts";

/** A replay is `pending` until a worker takes it, and ends as `done` with a report, or as `failed` or `cancelled` with the reason. */
export const ReplayStatus = z.enum(["pending", "running", "done", "failed", "cancelled"]);
export type ReplayStatus = z.infer<typeof ReplayStatus>;

/**
 * A stored replay without its report. `name` is the task's; `batchId` is shared by replays that were requested
 * together. Results are null until it is done. `costUsd` (US dollars at list price) and `tokens` are what its
 * model calls took, over all attempts and however it ended. Times are ISO 8601, UTC; `actor` is who requested it.
 */
export const KeptReplay = z.strictObject({
  id: z.uuid(),
  project: z.string(),
  taskId: z.uuid(),
  name: z.string(),
  batchId: z.uuid().nullable(),
  plan: KeptReplayPlan,
  status: ReplayStatus,
  outcome: z.enum(["identical", "diverged"]).nullable(),
  outcomeChanged: z.boolean().nullable(),
  divergence: Divergence.nullable(),
  costUsd: z.number().nonnegative(),
  tokens: z.number().int().nonnegative(),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
  actor: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type KeptReplay = z.infer<typeof KeptReplay>;

/** A stored replay with its report, which compares both sides; null until it is done. */
export const FullReplay = KeptReplay.extend({ report: ReplayReport.nullable() });
export type FullReplay = z.infer<typeof FullReplay>;

/**
 * Where a replay of a batch is, each in one alone: what is done was `identical`, `diverged` and ended as on
 * record, diverged and `ends_otherwise` (another status or verdict), or was `stopped` at a call that is not on record, so that
 * its end is unknown; the others are what their status says.
 */
export const ReplayShare = z.enum(["identical", "diverged", "ends_otherwise", "stopped", "failed", "cancelled", "running", "pending"]);
export type ReplayShare = z.infer<typeof ReplayShare>;

/** The tasks that are replayed together: a group of dead letters, or the tasks requested in a time (ISO 8601, UTC; `until` exclusive). */
export const ReplayOrigin = z.union([
  z.strictObject({ fingerprint: z.string() }),
  z.strictObject({ since: z.iso.datetime(), until: z.iso.datetime() }),
]);
export type ReplayOrigin = z.infer<typeof ReplayOrigin>;

/**
 * Replays that were requested together, with one plan. `origin` is null where it is not on record. `wanted` is the number of replays that
 * were requested; `replays` of them are left: others went with their tasks, or with the project's retention. `counts` says how many of
 * those are where. `createdAt` is ISO 8601, UTC.
 */
export const ReplayBatch = z.strictObject({
  id: z.uuid(),
  project: z.string(),
  origin: ReplayOrigin.nullable(),
  plan: KeptReplayPlan,
  actor: z.string(),
  createdAt: z.iso.datetime(),
  wanted: z.number().int(),
  replays: z.number().int(),
  counts: z.record(ReplayShare, z.number().int()),
});
export type ReplayBatch = z.infer<typeof ReplayBatch>;

/** So many tasks are replayed in one go at most: more than anybody looks at, and than is kept of a project. */
export const REPLAY_BATCH_MAX = 10_000;
