import { z } from "zod";

/** A metric's name: that of a scorer, or of what is measured. */
export const MetricName = z.string().min(1).max(100);

/** Which way is better. */
export const Direction = z.enum(["increase", "decrease"]).default("increase");

/** How often one may err. */
export const Alpha = z.number().gt(0).lt(0.5);

/** The smallest and the largest value there can be. */
export const Range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, "has its smaller end first");

/** Refuses a list in which two metrics have one name. */
export function repeatedNames(metrics: readonly { name: string }[], context: z.core.$RefinementCtx): void {
  for (const [index, { name }] of metrics.entries()) {
    const first = metrics.findIndex((metric) => metric.name === name);
    if (first < index) context.addIssue({ code: "custom", path: [index, "name"], message: `is there twice: ${name}` });
  }
}

/** Refuses a margin as wide as all that a metric's values can differ: nothing is worse than such a one allows. */
export function refuseWideMargin(key: string, margin: number, width: number, context: z.core.$RefinementCtx): void {
  if (margin >= width)
    context.addIssue({ code: "custom", path: [key], message: `is as wide as the whole range (${width}): every candidate would pass` });
}

/** What a metric of a judge needs before it may fail a gate, or roll back: a record of how well it agrees with people. */
export const JudgePolicy = z.strictObject({
  calibration: z.enum(["required", "optional"]).default("required"),
  /** The lower end of kappa's interval has to reach it. */
  minKappa: z.number().min(0).max(1).default(0.6),
  /** So many items both have judged. */
  minLabels: z.int().min(2).default(100),
});
export type JudgePolicy = z.infer<typeof JudgePolicy>;
