import type { MeanMetric } from "./livePolicy.ts";

/** The lowest and the highest value that a metric can have, in its own units. */
function rangeOf(metric: MeanMetric): readonly [number, number] {
  if (metric.kind === "score") return metric.range;
  return metric.kind === "bounded" ? [0, metric.cap] : [0, 1];
}

/** How wide a metric's range is: a difference of goodness times this is one in the metric's own units. */
export function spanOf(metric: MeanMetric): number {
  const [lowest, highest] = rangeOf(metric);
  return highest - lowest;
}

/**
 * A value as goodness: 0 is the worst that the metric can be, 1 the best. What
 * lies outside its range counts as its end (winsorised, as a cost above its cap).
 */
export function goodnessOf(metric: MeanMetric, value: number): number {
  const [lowest, highest] = rangeOf(metric);
  const share = (Math.min(Math.max(value, lowest), highest) - lowest) / (highest - lowest);
  return metric.direction === "decrease" ? 1 - share : share;
}

/** The value that has a goodness: the other way round. */
export function valueAt(metric: MeanMetric, goodness: number): number {
  const [lowest, highest] = rangeOf(metric);
  return lowest + (metric.direction === "decrease" ? 1 - goodness : goodness) * (highest - lowest);
}
