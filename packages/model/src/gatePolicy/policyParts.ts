import { z } from "zod";

/** A metric's name: that of a scorer, or of a measurement. */
export const MetricName = z.string().min(1).max(100);

/** The direction in which the metric improves. */
export const Direction = z.enum(["increase", "decrease"]).default("increase");

/** An error probability. */
export const Alpha = z.number().gt(0).lt(0.5);

/** The smallest and the largest possible value. */
export const Range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, "has its smaller end first");

/** Refuses a list in which two metrics share a name. */
export function repeatedNames(metrics: readonly { name: string }[], context: z.core.$RefinementCtx): void {
  for (const [index, { name }] of metrics.entries()) {
    const first = metrics.findIndex((metric) => metric.name === name);
    if (first < index) context.addIssue({ code: "custom", path: [index, "name"], message: `is there twice: ${name}` });
  }
}

/** Refuses a margin as wide as the range of the metric's values: no loss would ever exceed it. */
export function refuseWideMargin(key: string, margin: number, width: number, context: z.core.$RefinementCtx): void {
  if (margin >= width)
    context.addIssue({ code: "custom", path: [key], message: `is as wide as the whole range (${width}): every candidate would pass` });
}

/** The calibration that a judge needs before its metric may fail a gate or roll back. */
export const JudgePolicy = z.strictObject({
  calibration: z.enum(["required", "optional"]).default("required"),
  /** The smallest lower end of kappa's confidence interval. */
  minKappa: z.number().min(0).max(1).default(0.6),
  /** The smallest number of items labelled by people and the judge alike. */
  minLabels: z.int().min(2).default(100),
});
export type JudgePolicy = z.infer<typeof JudgePolicy>;
