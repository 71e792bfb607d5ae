import { z } from "zod";

/**
 * A project's queue that somebody paused, or (`project` null) everybody's: what is
 * admitted waits, and what workers have in hand goes on. Times are ISO 8601, UTC.
 */
export const QueuePause = z.strictObject({
  project: z.string().nullable(),
  actor: z.string(),
  reason: z.string(),
  pausedAt: z.iso.datetime(),
});
export type QueuePause = z.infer<typeof QueuePause>;
