/** What a metric can do to a rollout: a guardrail rolls back and must be shown to be safe, a signal holds, a breaker rolls back at a plain limit. */
export type Role = "guardrail" | "signal" | "breaker";

/**
 * A metric that is a mean over units. `direction` says which way is better (`increase` where it says nothing). Margins are in the metric's own units: a share, points of a
 * score, an amount. `range` is that of a score, `cap` the amount above which a unit counts as the cap (winsorised). `sample` is the share of units that are scored at all: the others are left out.
 */
export interface MeanMetric {
  readonly name: string;
  readonly role: "guardrail" | "signal";
  readonly kind: "binary" | "score" | "bounded";
  readonly direction?: "increase" | "decrease" | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly cap?: number | undefined;
  readonly harmMargin?: number | undefined;
  readonly nonInferiorityMargin: number;
  readonly weight?: number | undefined;
  readonly sample?: number | undefined;
}

/** A metric that counts the units in which something bad happened. `harmRatio` is the ratio of rates that is still tolerated (1 where it says nothing). */
export interface CountMetric {
  readonly name: string;
  readonly role: "guardrail" | "signal";
  readonly kind: "count";
  readonly harmRatio?: number | undefined;
  readonly weight?: number | undefined;
}

/** A plain limit on a count, without a claim about errors: `candidate.count >= 20 && candidate.rate > 0.2`. */
export interface BreakerMetric {
  readonly name: string;
  readonly role: "breaker";
  readonly kind: "count";
  readonly failureCondition: string;
}

export type LiveMetric = MeanMetric | CountMetric | BreakerMetric;

/** A step of a rollout: the candidate's share in percent, how many of its units must have been settled before the next, and how long it may take (milliseconds). */
export interface LiveStep {
  readonly setWeight: number;
  readonly minUnits: number;
  readonly maxDurationMs?: number | undefined;
}

/** What a live gate judges by: `spec.canary` of a policy. `alpha` bounds false rollbacks by evidence over a whole rollout, `beta` false promotions at each guardrail's margin. */
export interface LivePolicy {
  readonly steps: readonly LiveStep[];
  readonly rollback: { readonly alpha: number };
  readonly promote: { readonly beta: number };
  readonly onTimeout: "hold" | "rollback";
  readonly srm: { readonly alpha: number };
  readonly metrics: readonly LiveMetric[];
}

export const isBreaker = (metric: LiveMetric): metric is BreakerMetric => metric.role === "breaker";
export const isCount = (metric: LiveMetric): metric is CountMetric | BreakerMetric => metric.kind === "count";
export const isMean = (metric: LiveMetric): metric is MeanMetric => metric.kind !== "count";
