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
