import { z } from "zod";

/**
 * Consecutive failed looks at a rollout: the time of the first (`since`) and of the last (`at`; both ISO 8601, UTC), their
 * number, and the last one's error. A look by any controller that begins after the last of them and succeeds ends the series.
 */
export const LookFailure = z.strictObject({
  since: z.iso.datetime(),
  at: z.iso.datetime(),
  times: z.int().positive(),
  reason: z.string(),
});
export type LookFailure = z.infer<typeof LookFailure>;
