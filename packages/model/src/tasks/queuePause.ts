import { z } from "zod";

/**
 * A pause of a project's queue, or (`project` null) of every queue: admitted tasks
 * wait, while those that workers have already taken go on. Times are ISO 8601, UTC.
 */
export const QueuePause = z.strictObject({
  project: z.string().nullable(),
  actor: z.string(),
  reason: z.string(),
  pausedAt: z.iso.datetime(),
});
export type QueuePause = z.infer<typeof QueuePause>;
