import type { MeanMetric } from "./livePolicy.ts";

/** The lowest and the highest possible value of a metric, in its own units. */
function rangeOf(metric: MeanMetric): readonly [number, number] {
  if (metric.kind === "score") return metric.range;
  return metric.kind === "bounded" ? [0, metric.cap] : [0, 1];
}

/** The width of a metric's range: a difference of goodness times this is a difference in the metric's own units. */
export function spanOf(metric: MeanMetric): number {
  const [lowest, highest] = rangeOf(metric);
  return highest - lowest;
}

/**
 * A value as goodness: 0 is the worst possible value, 1 the best. Values outside
 * the range count as its nearer end (winsorised, like a cost above its cap).
 */
export function goodnessOf(metric: MeanMetric, value: number): number {
  const [lowest, highest] = rangeOf(metric);
  const share = (Math.min(Math.max(value, lowest), highest) - lowest) / (highest - lowest);
  return metric.direction === "decrease" ? 1 - share : share;
}

/** The value with a given goodness: the inverse of `goodnessOf`. */
export function valueAt(metric: MeanMetric, goodness: number): number {
  const [lowest, highest] = rangeOf(metric);
  return lowest + (metric.direction === "decrease" ? 1 - goodness : goodness) * (highest - lowest);
}
