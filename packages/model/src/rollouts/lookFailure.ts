import { z } from "zod";

/**
 * Looks at a rollout that fail, one after another: when the first of them did (`since`) and the last (`at`; both ISO 8601, UTC), how
 * many did, and why the last one did. A look that began after the last of them and does not fail ends it, whichever controller took it.
 */
export const LookFailure = z.strictObject({
  since: z.iso.datetime(),
  at: z.iso.datetime(),
  times: z.int().positive(),
  reason: z.string(),
});
export type LookFailure = z.infer<typeof LookFailure>;
