import { z } from "zod";
import { ArmUnits, perArm } from "./arm.ts";

/** The standing of one metric. `safe`: shown to be no worse than the margin allows; `worse`: responsible for a rollback by evidence. */
export const Standing = z.enum(["worse", "safe", "open"]);
export type Standing = z.infer<typeof Standing>;

/**
 * One metric's figures, in its own units (for a counting metric: events per unit). `difference` is candidate
 * minus stable within blocks, `interval` its confidence interval (asymptotic, each bound at alpha); both are
 * null where nothing is known, and for counting metrics. `eHarm` is the e-value against "the candidate is no
 * worse", `eSafe` that against "it is worse than `margin` allows" (null for a metric that cannot show it).
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
