import { z } from "zod";
import { ArmUnits, perArm } from "./arm.ts";

/** The standing of one metric. `safe`: shown to be no worse than the margin allows; `worse`: responsible for a rollback by evidence. */
export const Standing = z.enum(["worse", "safe", "open"]);
export type Standing = z.infer<typeof Standing>;

/**
 * How long 95 of 100 units of an arm take at most, in milliseconds, and what that can be (`lower` and `upper`, at the policy's alpha
 * however often anyone looks). Null is what is not known: longer than units are waited for, or of too few units to say.
 */
const LatencyFigures = z
  .strictObject({ units: z.int().nonnegative(), value: z.number().nullable(), lower: z.number().nullable(), upper: z.number().nullable() })
  .readonly();
export type LatencyFigures = z.infer<typeof LatencyFigures>;

/**
 * One metric's numbers, in its own units (of one that counts: rates per unit). `difference` is candidate minus stable within
 * blocks, `interval` what it can be (asymptotic, one bound each at alpha); both null where nothing is known, or of a count. `eHarm`
 * is the evidence that the candidate is worse, `eSafe` that it is not worse than `margin` allows (null of what cannot show it).
 * `p95Ms`, of a metric of latency, decides nothing; rollouts from before it was kept have none.
 */
export const MetricFigures = z
  .strictObject({
    name: z.string(),
    role: z.enum(["guardrail", "signal", "breaker"]),
    units: ArmUnits,
    mean: perArm(z.number().nullable()),
    difference: z.number().nullable(),
    interval: z.strictObject({ lower: z.number(), upper: z.number() }).readonly().nullable(),
    margin: z.number().nullable(),
    eHarm: z.number().nullable(),
    eSafe: z.number().nullable(),
    standing: Standing,
    p95Ms: perArm(LatencyFigures).exactOptional(),
  })
  .readonly();
export type MetricFigures = z.infer<typeof MetricFigures>;

/** The reason for a verdict. Only rollbacks by `evidence` count against alpha, not those by a plain limit or by time. */
export const Grounds = z.enum([
  "evidence",
  "breaker",
  "timeout",
  "split",
  "signal",
  "no_units",
  "not_scored",
  "units_missing",
  "not_shown_safe",
  "step_done",
  "shown_safe",
]);
export type Grounds = z.infer<typeof Grounds>;

/**
 * The decision on a rollout. `promote` means the next step, or at the last step all traffic. `reason` is one sentence;
 * the figures behind it follow, rounded to six significant digits (the verdict was reached on the exact ones).
 */
export const LiveVerdict = z
  .strictObject({
    kind: z.enum(["promote", "hold", "rollback"]),
    grounds: Grounds,
    reason: z.string(),
    step: z.int().nonnegative(),
    isLastStep: z.boolean(),
    blocks: z.int().nonnegative(),
    units: ArmUnits,
    stepUnits: ArmUnits,
    eHarm: z.number(),
    eHarmToRollBack: z.number(),
    eSafeToPromote: z.number(),
    split: z.strictObject({ wanted: z.number(), observed: z.number().nullable(), eValue: z.number(), isOk: z.boolean() }).readonly(),
    metrics: z.array(MetricFigures).readonly(),
  })
  .readonly();
export type LiveVerdict = z.infer<typeof LiveVerdict>;
