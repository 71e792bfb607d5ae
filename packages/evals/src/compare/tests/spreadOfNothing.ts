import { clusterMembers } from "../../statistics/estimates/clusteredMean.ts";
import type { MetricPairs } from "../metricPairs.ts";
import type { MetricPlan } from "../metricPlan.ts";

/**
 * The possible distance of the true mean gain from observed gains that are all equal: if none
 * of n items differs, at most a share 1 - α^(1/n) of all items does (0 of n, about 3/n at 5 %),
 * each by at most the whole range of the scores. A bootstrap or a t-test would report zero.
 */
export function spreadOfNothing({ gains, clusters, baseline, candidate }: MetricPairs, { range, alpha }: MetricPlan): number {
  const units = clusters === undefined ? gains.length : clusterMembers(clusters).length;
  const scores = [...baseline, ...candidate];
  const [lowest, highest] =
    range ?? scores.reduce(([low, high], score) => [Math.min(low, score), Math.max(high, score)], [Infinity, -Infinity]);
  return (highest - lowest) * (1 - alpha ** (1 / units));
}
