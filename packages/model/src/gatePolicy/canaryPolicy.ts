import { z } from "zod";
import { Duration } from "./duration.ts";
import { Alpha, Direction, JudgePolicy, MetricName, Range, refuseWideMargin, repeatedNames } from "./policyParts.ts";

/** A breaker's condition: comparisons of an arm's count, units or rate with a number, joined by `&&`. */
const BreakerCondition = z
  .string()
  .regex(
    /^((canary|candidate|stable)\.(count|units|rate) *(>=|<=|>|<) *\d+(\.\d+)?( *&& *(?!$)|$))+$/,
    "is made of comparisons like canary.count >= 20 && canary.rate > 0.2, of canary or stable, and of count, units or rate",
  );

/**
 * A step of a rollout: the candidate's share in percent, how many of its units must have settled before the
 * next step, a time limit, and whether the step ends only with somebody's approval. 100 % is not allowed:
 * no stable units would be left to compare with, and a promoted candidate gets all traffic anyway.
 */
const CanaryStep = z.strictObject({
  setWeight: z.number().gt(0).lt(100, "has to leave units to the stable version: promotion is the step to 100"),
  minUnits: z.int().min(1),
  maxDuration: Duration.optional(),
  approve: z.boolean().optional(),
});
export type CanaryStep = z.infer<typeof CanaryStep>;

/**
 * Fields of every metric that is a mean over units. A guardrail can roll back and must be shown to be safe;
 * a signal can only hold. `weight` is its share of the evidence for a rollback; `harmMargin`: a loss up to
 * this is no harm; `sample`: the share of units that are scored at all; `judge`: the calibration that its
 * judge needs for a guardrail. Where the judge falls short, a rollout starts with the metric as a signal.
 */
const mean = {
  name: MetricName,
  role: z.enum(["guardrail", "signal"]),
  weight: z.number().positive().default(1),
  direction: Direction,
  harmMargin: z.number().min(0).default(0),
  nonInferiorityMargin: z.number().positive(),
  sample: z.number().gt(0).max(1).default(1),
  judge: JudgePolicy.optional(),
};

/** Fields of every counting metric. */
const count = {
  name: MetricName,
  kind: z.literal("count"),
  weight: z.number().positive().default(1),
  harmRatio: z.number().min(1).default(1),
  promote: z.literal("no-harm").default("no-harm"),
};

/** A live-traffic metric, by its kind. */
const MetricOfKind = z.discriminatedUnion("kind", [
  z.strictObject({ ...mean, kind: z.literal("binary") }),
  z.strictObject({ ...mean, kind: z.literal("score"), range: Range }),
  /** An amount; a unit above `cap` counts as `cap`. */
  z.strictObject({ ...mean, kind: z.literal("bounded"), cap: z.number().positive() }),
  z.discriminatedUnion("role", [
    /**
     * Units in which something bad happened; `harmRatio` is the largest tolerated ratio
     * of rates. Promotion requires that no harm is seen, not that its absence is shown.
     */
    z.strictObject({ ...count, role: z.literal("guardrail") }),
    z.strictObject({ ...count, role: z.literal("signal") }),
    /** A plain limit without an error guarantee: `canary.count >= 20 && canary.rate > 0.2`. */
    z.strictObject({ name: MetricName, role: z.literal("breaker"), kind: z.literal("count"), failureCondition: BreakerCondition }),
  ]),
]);

/** The width of a metric's range, in its own units; a counting metric has no range. */
function widthOf(metric: z.infer<typeof MetricOfKind>): number {
  if (metric.kind === "score") return metric.range[1] - metric.range[0];
  return metric.kind === "bounded" ? metric.cap : 1;
}

const CanaryMetric = MetricOfKind.superRefine((metric, context) => {
  if (metric.kind === "count") return;
  for (const key of ["harmMargin", "nonInferiorityMargin"] as const) refuseWideMargin(key, metric[key], widthOf(metric), context);
});
export type CanaryMetric = z.infer<typeof CanaryMetric>;

/** Refuses steps whose weights do not grow. */
function growingSteps(steps: readonly CanaryStep[], context: z.core.$RefinementCtx): void {
  for (const [index, { setWeight }] of steps.entries()) {
    const before = steps[index - 1]?.setWeight ?? 0;
    if (setWeight <= before)
      context.addIssue({ code: "custom", path: [index, "setWeight"], message: `${setWeight} is not above the step before it, ${before}` });
  }
}

/** The gate of a rollout on live traffic. */
export const CanaryPolicy = z.strictObject({
  steps: z.array(CanaryStep).min(1).max(100).superRefine(growingSteps),
  /** Stable units from the same randomised blocks: the only control that stays valid under drift. */
  control: z.literal("concurrent").default("concurrent"),
  /** The bound on false rollbacks by evidence over the whole rollout, across all metrics. */
  rollback: z.strictObject({ alpha: Alpha.default(0.05), combine: z.literal("e-average").default("e-average") }).prefault({}),
  /** The bound on false promotions at the margin of any guardrail. */
  promote: z
    .strictObject({ beta: Alpha.default(0.05), require: z.literal("all-guardrails-non-inferior").default("all-guardrails-non-inferior") })
    .prefault({}),
  onTimeout: z.enum(["hold", "rollback"]).default("hold"),
  onMissing: z
    .strictObject({
      unscored: z.literal("fail").default("fail"),
      noTraffic: z.literal("hold").default("hold"),
      scoringLag: Duration.default("15m"),
      /**
       * The largest share of either arm's units that may lack a metric (default: half); beyond it no step
       * ends. The default is not filled in, so that policies frozen before this field keep their hash.
       */
      maxUnscored: z.number().min(0).lt(1).optional(),
    })
    .prefault({}),
  srm: z.strictObject({ alpha: Alpha.default(0.001), action: z.enum(["hold", "rollback"]).default("hold") }).prefault({}),
  metrics: z
    .array(CanaryMetric)
    .min(1)
    .max(100)
    .superRefine(repeatedNames)
    .refine(
      (metrics) => metrics.some(({ role }) => role === "guardrail"),
      "has no guardrail: nothing could roll back by evidence, or show that promotion is safe",
    ),
});
export type CanaryPolicy = z.infer<typeof CanaryPolicy>;
