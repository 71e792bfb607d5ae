import { z } from "zod";
import { Block } from "./block.ts";

/**
 * A look at a rollout, with everything it was based on besides the blocks: `at` (ISO 8601, UTC) is
 * its time, `blocks` how many were stored including its own. The rest counts what was left out:
 * units that wait for outcomes, units seen in both arms, and events that came too late or twice.
 */
export const RolloutLook = z.strictObject({
  rollout: z.uuid(),
  number: z.int().nonnegative(),
  at: z.iso.datetime(),
  blocks: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  crossed: z.int().nonnegative(),
  ignored: z.int().nonnegative(),
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
