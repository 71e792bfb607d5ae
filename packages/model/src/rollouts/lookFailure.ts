import { z } from "zod";

/** Looks at a rollout that fail, one after another: when the first of them did (`since`) and the last (`at`; both ISO 8601, UTC), how many did, and why the last one did. The next look that does not ends it. */
export const LookFailure = z.strictObject({
  since: z.iso.datetime(),
  at: z.iso.datetime(),
  times: z.int().positive(),
  reason: z.string(),
});
export type LookFailure = z.infer<typeof LookFailure>;
