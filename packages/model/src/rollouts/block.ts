import { z } from "zod";
import { ArmUnits, perArm } from "./arm.ts";

/** Sufficient statistics of scores in [0, 1] where higher is better: the number of units, their sum, and the sum of squares. */
export const Tally = z.strictObject({ n: z.int().nonnegative(), sum: z.number(), sumSquares: z.number() }).readonly();
export type Tally = z.infer<typeof Tally>;

/**
 * The unit of a gate's evidence: some units that came one after another, all of them settled, assigned at random with one and
 * the same `share` (that of the candidate, in (0, 1)). `step` is the rollout's, from 0. `means` has a tally for each metric
 * that is a mean, `counts` the number of units with an event for each that counts; `unscored`, of each metric but breakers, how
 * many of these units nobody told of (they count as the worst there, and have an event); blocks that were stored before it was
 * have none of it, and those from before it was known of counts none of theirs. `tookMs` is how long units took, in whole milliseconds of
 * three significant digits, the shortest first, where the policy has a metric of latency: of each that was served in time and did not
 * die; the others took longer. Blocks that were stored before it was kept have none.
 */
export const Block = z
  .strictObject({
    step: z.int().nonnegative(),
    share: z.number().min(0).max(1),
    units: ArmUnits,
    means: z.record(z.string(), perArm(Tally)).readonly(),
    counts: z.record(z.string(), ArmUnits).readonly(),
    unscored: z.record(z.string(), ArmUnits).readonly().optional(),
    tookMs: perArm(z.array(z.int().nonnegative()).readonly()).exactOptional(),
  })
  .readonly();
export type Block = z.infer<typeof Block>;
