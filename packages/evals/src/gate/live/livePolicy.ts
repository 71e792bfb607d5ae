import type { CanaryMetric, CanaryPolicy } from "@signalbox/model";

/** The policy of a live gate: `spec.canary` of a policy, with its defaults filled in, as the rollout began with it. */
export type LivePolicy = CanaryPolicy;

/** A metric that is a mean over units. Margins are in its own units: a share, points of a score, an amount. */
export type MeanMetric = Extract<CanaryMetric, { nonInferiorityMargin: number }>;

/** A plain limit on a count, without an error guarantee. */
export type BreakerMetric = Extract<CanaryMetric, { role: "breaker" }>;

/** A metric that counts the units in which something bad happened. */
export type CountMetric = Extract<CanaryMetric, { harmRatio: number }>;

export const isBreaker = (metric: CanaryMetric): metric is BreakerMetric => metric.role === "breaker";
export const isCount = (metric: CanaryMetric): metric is CountMetric | BreakerMetric => metric.kind === "count";
export const isMean = (metric: CanaryMetric): metric is MeanMetric => metric.kind !== "count";
