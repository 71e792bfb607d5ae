import { z } from "zod";
import { Alpha, Direction, JudgePolicy, MetricName, Range, refuseWideMargin, repeatedNames } from "./policyParts.ts";

/**
 * A metric that two eval runs are compared by. Margins and limits are in the metric's
 * unit. Without a margin, or a limit, it could not pass: one of them is there.
 */
const OfflineMetric = z
  .strictObject({
    name: MetricName,
    kind: z.enum(["binary", "score"]),
    test: z.enum(["mcnemar", "paired-bootstrap", "wilcoxon", "paired-t"]).optional(),
    direction: Direction,
    /** How much worse still counts as not worse. */
    nonInferiorityMargin: z.number().positive().optional(),
    /** How often a candidate that is no worse may be called worse. */
    alpha: Alpha.default(0.05),
    /** The smallest and the largest score there can be. */
    range: Range.optional(),
    /** The candidate's mean must not lie above; a plain limit, without a claim about errors. */
    maxAbsolute: z.number().optional(),
    /** Tested at its whole alpha, however many metrics there are. */
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

/** The gate of two eval runs on one dataset. */
export const OfflinePolicy = z.strictObject({
  /** `name` or `name@version`; runs of another one are not compared. */
  dataset: z.string().min(1),
  repeats: z.int().min(1).max(1_000).default(1),
  /** The key of an item's metadata that items share which do not vary by themselves, as `metadata.conversation_id`. */
  clusterBy: z.string().min(1).optional(),
  /** With fewer shared items there is no verdict but inconclusive. */
  minItems: z.int().min(1).default(30),
  /** What the exit code is made of when the verdict is inconclusive: 1, 0 with a warning, or 0. Left out, it is 3. */
  onInconclusive: z.enum(["fail", "warn", "pass"]).optional(),
  /** How p-values of metrics that are not critical are corrected for their number. */
  correction: z.enum(["holm", "bh", "none"]).default("holm"),
  metrics: z.array(OfflineMetric).min(1).max(100).superRefine(repeatedNames),
});
export type OfflinePolicy = z.infer<typeof OfflinePolicy>;
