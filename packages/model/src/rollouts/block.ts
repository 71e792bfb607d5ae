import { z } from "zod";
import { ArmUnits, perArm } from "./arm.ts";

/** Sufficient statistics of scores in [0, 1] where higher is better: the number of units, their sum, and the sum of squares. */
export const Tally = z.strictObject({ n: z.int().nonnegative(), sum: z.number(), sumSquares: z.number() }).readonly();
export type Tally = z.infer<typeof Tally>;

/**
 * One piece of a gate's evidence: consecutive settled units, assigned at random with one and the same candidate `share`
 * in (0, 1). `step` is the rollout's, from 0. `means` has a tally for each mean metric, `counts` the number of units
 * with an event for each counting one; `unscored` has, for each metric but breakers, the number of these units without
 * a score (they count as the worst value, or as an event). Older blocks lack `unscored`, or lack its counting metrics.
 */
export const Block = z
  .strictObject({
    step: z.int().nonnegative(),
    share: z.number().min(0).max(1),
    units: ArmUnits,
    means: z.record(z.string(), perArm(Tally)).readonly(),
    counts: z.record(z.string(), ArmUnits).readonly(),
    unscored: z.record(z.string(), ArmUnits).readonly().optional(),
  })
  .readonly();
export type Block = z.infer<typeof Block>;
