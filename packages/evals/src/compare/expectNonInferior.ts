import { type Comparison, type ComparisonOptions, compareRuns, type MetricComparison } from "./compareRuns.ts";
import { metricsOf } from "./metricPlan.ts";
import { metricSentence } from "./metricSentence.ts";
import type { ScoredRun } from "./scoredRun.ts";

/** Options of the expectation; `metric` limits it to one metric, and `margin` applies to every metric without a margin of its own. */
export interface NonInferiorityAsk extends ComparisonOptions {
  readonly metric?: string;
  readonly margin?: number;
  /** Whether an inconclusive comparison fails the expectation. */
  readonly onInconclusive?: "fail" | "pass";
}

/** A failed expectation, formatted for Vitest and Jest. */
class NonInferiorityError extends Error {
  override readonly name = "AssertionError";
}

function asked(
  baseline: ScoredRun,
  candidate: ScoredRun,
  { metric, margin, onInconclusive, ...options }: NonInferiorityAsk,
): ComparisonOptions {
  const shared = metricsOf([baseline, candidate]).shared.map((name) => ({ name }));
  const metrics = metric === undefined ? (options.metrics ?? shared) : [{ name: metric }];
  return { ...options, metrics: metrics.map((ask) => ({ margin, ...ask })) };
}

/**
 * For tests in Vitest or Jest: throws unless the candidate is shown to lose less than the margin on every
 * metric that both runs have, and names the failed metric, its loss, and the loss that so many items could
 * have detected. A metric that could not be scored for some items counts as not shown. Returns the comparison.
 * A metric without a margin (a graded score for which none was given) must be shown to have improved.
 */
export function expectNonInferior(baseline: ScoredRun, candidate: ScoredRun, ask: NonInferiorityAsk = {}): Comparison {
  const comparison = compareRuns(baseline, candidate, asked(baseline, candidate, ask));
  const isWorse = ({ word }: MetricComparison): boolean => word === "regressed";
  const isShown = ({ isNonInferior, word }: MetricComparison): boolean => isNonInferior ?? word === "improved";
  const isUnsure = (metric: MetricComparison): boolean => (!isShown(metric) || metric.unscored > 0) && ask.onInconclusive !== "pass";
  const failed = comparison.metrics.filter((metric) => isWorse(metric) || isUnsure(metric));
  if (failed.length > 0) throw new NonInferiorityError(failed.map((metric) => metricSentence(metric, comparison.power)).join("\n"));
  return comparison;
}
