import { z } from "zod";
import { Block } from "./block.ts";

/**
 * A look at a rollout, with all that it went by beside the blocks: `at` (ISO 8601, UTC) is the
 * moment, `blocks` how many had been stored with it. Of what was not counted then: units that
 * wait for outcomes, units that were seen in both arms, and events that came too late or twice. `reckoning`
 * is the version that came to the verdict (`RECKONING`); looks from before it was kept have none.
 */
export const RolloutLook = z.strictObject({
  rollout: z.uuid(),
  number: z.int().nonnegative(),
  at: z.iso.datetime(),
  blocks: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  crossed: z.int().nonnegative(),
  ignored: z.int().nonnegative(),
  reckoning: z.int().positive().exactOptional(),
});
export type RolloutLook = z.infer<typeof RolloutLook>;

/** The evidence of a rollout: each block is stored once, in order, by the look that found it. */
export const RolloutBlock = z.strictObject({
  rollout: z.uuid(),
  number: z.int().nonnegative(),
  look: z.int().nonnegative(),
  block: Block,
});
export type RolloutBlock = z.infer<typeof RolloutBlock>;
