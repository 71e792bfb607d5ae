import { z } from "zod";
import { Divergence, KeptReplayPlan, ReplayReport } from "./replay.ts";

/**
 * A replay is `pending` until a worker takes it up, and ends `done` with
 * a report, or `failed` or `cancelled` with the reason why there is none.
 */
export const ReplayStatus = z.enum(["pending", "running", "done", "failed", "cancelled"]);
export type ReplayStatus = z.infer<typeof ReplayStatus>;

/**
 * A replay that was asked for and is kept, without its report. `name` is the task's; `batchId` is that of those asked
 * for together. What it came to is null until it is done. `costUsd` (US dollars at list price) and `tokens` are what the
 * models took that it asked, in every attempt at it and however it ended. Times are ISO 8601, UTC; `actor` is who asked.
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

/** A kept replay with both sides of what it came to; null until it is done. */
export const FullReplay = KeptReplay.extend({ report: ReplayReport.nullable() });
export type FullReplay = z.infer<typeof FullReplay>;
