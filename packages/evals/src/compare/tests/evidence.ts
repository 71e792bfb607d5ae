import type { Resampling } from "../../statistics/paired/pairedBootstrap.ts";
import type { MetricPairs } from "../metricPairs.ts";
import type { MetricPlan } from "../metricPlan.ts";

/** A test's evidence on a metric's gains (candidate against baseline, more is better). */
export interface Evidence {
  /** p-values against "the candidate is not worse", and against "it is not better". */
  readonly pWorse: number;
  readonly pBetter: number;
  /** The interval of the mean gain, each end of which errs with a probability of at most the plan's alpha. */
  readonly lower: number;
  readonly upper: number;
}

/** A test of paired scores. Pure: the same pairs and seed give the same evidence. */
export interface DifferenceTest {
  readonly name: string;
  weigh(pairs: MetricPairs, plan: MetricPlan, resampling: Resampling): Evidence;
  /** The smallest true loss that this many items detect with the given power, in the metric's unit. */
  minimumDetectable(pairs: MetricPairs, plan: MetricPlan, power: number): number;
}
