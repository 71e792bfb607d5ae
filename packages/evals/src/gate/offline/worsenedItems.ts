import type { MetricComparison } from "../../compare/compareRuns.ts";
import { pairMetric } from "../../compare/metricPairs.ts";
import { type ScoredRun, trialsByItem } from "../../compare/scoredRun.ts";

/** An item that lost on a metric: its score in either run (means over repeats), and a trace that shows what happened. */
export interface WorsenedItem {
  readonly item: string;
  readonly metric: string;
  readonly baseline: number;
  readonly candidate: number;
  /** The loss as a share of the metric's range: of the observed scores' range, where none is known. */
  readonly loss: number;
  readonly traceId: string | null;
}

/** Every item that lost on some metric, the largest loss first; ties in the order of the metrics and items. */
export function worsenedItems(metrics: readonly MetricComparison[], baseline: ScoredRun, candidate: ScoredRun): WorsenedItem[] {
  const [before, after] = [trialsByItem(baseline), trialsByItem(candidate)];
  const worsened = metrics.flatMap((metric): WorsenedItem[] => {
    const pairs = pairMetric(metric, before, after);
    const scores = [...pairs.baseline, ...pairs.candidate];
    const [low, high] =
      metric.range ?? scores.reduce(([least, most], score) => [Math.min(least, score), Math.max(most, score)], [Infinity, -Infinity]);
    return pairs.items.flatMap((item, index) => {
      const gain = pairs.gains[index] as number;
      if (gain >= 0) return [];
      const traceId = after.get(item)?.find((trial) => trial.traceId != null)?.traceId ?? null;
      const [was, is] = [pairs.baseline[index] as number, pairs.candidate[index] as number];
      return [{ item, metric: metric.name, baseline: was, candidate: is, loss: -gain / (high - low), traceId }];
    });
  });
  return worsened.sort((one, other) => other.loss - one.loss);
}
