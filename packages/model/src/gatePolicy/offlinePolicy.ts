import { z } from "zod";
import { Alpha, Direction, JudgePolicy, MetricName, Range, refuseWideMargin, repeatedNames } from "./policyParts.ts";

/**
 * A metric that compares two eval runs. Margins and limits are in the metric's unit.
 * At least one of margin and limit is required: the metric could not pass without.
 */
const OfflineMetric = z
  .strictObject({
    name: MetricName,
    kind: z.enum(["binary", "score"]),
    test: z.enum(["mcnemar", "paired-bootstrap", "wilcoxon", "paired-t"]).optional(),
    direction: Direction,
    /** The loss that still counts as not worse. */
    nonInferiorityMargin: z.number().positive().optional(),
    /** The probability of calling a candidate worse that is not. */
    alpha: Alpha.default(0.05),
    /** The smallest and the largest possible score. */
    range: Range.optional(),
    /** The largest allowed mean of the candidate; a plain limit, without an error guarantee. */
    maxAbsolute: z.number().optional(),
    /** Tested at its full alpha, without a correction for the number of metrics. */
    critical: z.boolean().default(false),
    judge: JudgePolicy.optional(),
  })
  .superRefine(({ kind, test, direction, nonInferiorityMargin, maxAbsolute, range }, context) => {
    const refuse = (key: string, message: string): void => context.addIssue({ code: "custom", path: [key], message });
    if (nonInferiorityMargin === undefined && maxAbsolute === undefined)
      refuse("name", "has neither a nonInferiorityMargin nor a maxAbsolute: nothing could show that it passes");
    if (kind === "binary" && range !== undefined) refuse("range", "is not for binary metrics, which are 0 or 1");
    if (kind === "score" && direction === "decrease" && range === undefined)
      refuse("range", "is not there, and less is better: what crashed could not be counted as the worst");
    if (kind === "score" && test === "mcnemar")
      refuse("test", "mcnemar is for binary metrics; a score takes paired-bootstrap, wilcoxon or paired-t");
    const [low, high] = kind === "binary" ? [0, 1] : (range ?? [0, Number.POSITIVE_INFINITY]);
    if (nonInferiorityMargin !== undefined && low < high)
      refuseWideMargin("nonInferiorityMargin", nonInferiorityMargin, high - low, context);
  });
export type OfflineMetric = z.infer<typeof OfflineMetric>;

/** The gate on two eval runs of one dataset. */
export const OfflinePolicy = z.strictObject({
  /** `name` or `name@version`; runs of another dataset are not compared. */
  dataset: z.string().min(1),
  repeats: z.int().min(1).max(1_000).default(1),
  /** The metadata key of items that are not independent of each other, such as `metadata.conversation_id`. */
  clusterBy: z.string().min(1).optional(),
  /** With fewer shared items the verdict is inconclusive. */
  minItems: z.int().min(1).default(30),
  /** The exit code of an inconclusive verdict: 1 (`fail`), 0 with a warning (`warn`), or 0 (`pass`). Left out, it is 3. */
  onInconclusive: z.enum(["fail", "warn", "pass"]).optional(),
  /** The correction for multiple testing across metrics that are not critical. */
  correction: z.enum(["holm", "bh", "none"]).default("holm"),
  metrics: z.array(OfflineMetric).min(1).max(100).superRefine(repeatedNames),
});
export type OfflinePolicy = z.infer<typeof OfflinePolicy>;
