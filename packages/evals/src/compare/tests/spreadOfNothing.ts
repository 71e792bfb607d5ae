import { clusterMembers } from "../../statistics/estimates/clusteredMean.ts";
import type { MetricPairs } from "../metricPairs.ts";
import type { MetricPlan } from "../metricPlan.ts";

/**
 * How far a mean gain may still lie from gains that are all the same: if none of n items differs, at most a share 1 - α^(1/n) of
 * items does (0 of n, about 3/n at 5 %), each by the whole range of the scores at most. A bootstrap or a t would say "not at all".
 */
export function spreadOfNothing({ gains, clusters, baseline, candidate }: MetricPairs, { range, alpha }: MetricPlan): number {
  const units = clusters === undefined ? gains.length : clusterMembers(clusters).length;
  const scores = [...baseline, ...candidate];
  const [lowest, highest] =
    range ?? scores.reduce(([low, high], score) => [Math.min(low, score), Math.max(high, score)], [Infinity, -Infinity]);
  return (highest - lowest) * (1 - alpha ** (1 / units));
}
