import { type MetricFigures, metricSource, type PerArm, type Standing } from "@signalbox/model";
import type { Interval } from "../../statistics/estimates/clopperPearson.ts";
import { asymptoticSequence } from "../../statistics/sequential/asymptoticSequence.ts";
import { eValueOf } from "./capital.ts";
import type { GateState } from "./gateState.ts";
import { spanOf, valueAt } from "./goodness.ts";
import { type Latencies, latencyFigures } from "./latencies.ts";
import { type BreakerMetric, type CountMetric, isBreaker, isMean, type LivePolicy, type MeanMetric } from "./livePolicy.ts";
import { type DifferenceSums, type MeanEvidence, NO_MEAN_EVIDENCE } from "./meanEvidence.ts";

/** The number of blocks at which the shown interval is tightest. */
const TIGHTEST_AFTER_BLOCKS = 200;
/** With fewer blocks the interval's asymptotics do not hold yet. */
const SHOWN_FROM_BLOCKS = 20;

const SIGNIFICANT_DIGITS = 6;

/** A number as rounded in verdicts. */
export const shown = (value: number): number => Number(value.toPrecision(SIGNIFICANT_DIGITS));

const shownOrNull = (value: number | null): number | null => (value === null ? null : shown(value));

/** The figures of each metric of a policy. `worse` names the metrics to blame. */
export function metricFigures(state: GateState, policy: LivePolicy, worse: readonly string[]): MetricFigures[] {
  return policy.metrics.map((metric) =>
    isMean(metric)
      ? meanFigures(metric, state.means[metric.name] ?? NO_MEAN_EVIDENCE, state.latencies, policy, worse.includes(metric.name))
      : countFigures(metric, state, policy, worse.includes(metric.name)),
  );
}

function meanFigures(
  metric: MeanMetric,
  evidence: MeanEvidence,
  latencies: PerArm<Latencies>,
  policy: LivePolicy,
  isWorse: boolean,
): MetricFigures {
  const { arms } = evidence;
  const meanOf = ({ n, sum }: { n: number; sum: number }): number | null => (n === 0 ? null : shown(valueAt(metric, sum / n)));
  const eSafe = eValueOf(evidence.safety);
  const standing: Standing = isWorse ? "worse" : eSafe >= 1 / policy.promote.beta ? "safe" : "open";
  return {
    ...{ name: metric.name, role: metric.role, units: { candidate: arms.candidate.n, stable: arms.stable.n } },
    mean: { candidate: meanOf(arms.candidate), stable: meanOf(arms.stable) },
    ...differenceOf(metric, evidence.difference, policy.rollback.alpha),
    ...{ margin: metric.nonInferiorityMargin, eHarm: shown(eValueOf(evidence.harm)), eSafe: shown(eSafe), standing },
    ...latencyOf(metric.name, latencies, policy.rollback.alpha),
  };
}

/** How long 95 of 100 units take, of a metric of latency of whose units it is known. */
function latencyOf(name: string, { candidate, stable }: PerArm<Latencies>, alpha: number): Pick<MetricFigures, "p95Ms"> {
  if (metricSource(name).kind !== "latency" || candidate.units + stable.units === 0) return {};
  return { p95Ms: { candidate: latencyFigures(candidate, alpha), stable: latencyFigures(stable, alpha) } };
}

/** The difference in the metric's own units, and its interval: blocks are its observations, weighted by what they can tell. */
function differenceOf(metric: MeanMetric, sums: DifferenceSums, alpha: number): { difference: number | null; interval: Interval | null } {
  if (sums.blocks === 0) return { difference: null, interval: null };
  const unit = metric.direction === "decrease" ? -spanOf(metric) : spanOf(metric);
  const difference = sums.difference / sums.weight;
  if (sums.blocks < SHOWN_FROM_BLOCKS) return { difference: shown(difference * unit), interval: null };
  const squares = sums.differenceSquares - 2 * difference * sums.differenceWeightSquares + difference * difference * sums.weightSquares;
  const error = Math.sqrt(Math.max(0, squares)) / sums.weight;
  const bounds = asymptoticSequence(difference, error, sums.blocks, { alpha, tightestAfter: TIGHTEST_AFTER_BLOCKS });
  const [one, other] = [bounds.lower * unit, bounds.upper * unit];
  return {
    difference: shown(difference * unit),
    interval: { lower: shown(Math.min(one, other)), upper: shown(Math.max(one, other)) },
  };
}

function countFigures(metric: CountMetric | BreakerMetric, state: GateState, policy: LivePolicy, isWorse: boolean): MetricFigures {
  const evidence = state.counts[metric.name];
  const eHarm = evidence === undefined || isBreaker(metric) ? null : eValueOf(evidence.harm);
  const rates = ratesOf(state, metric.name);
  const isQuiet = eHarm !== null && eHarm < 1 / policy.rollback.alpha;
  return {
    ...{ name: metric.name, role: metric.role, units: state.units },
    mean: { candidate: shownOrNull(rates.candidate), stable: shownOrNull(rates.stable) },
    ...{ difference: null, interval: null, margin: null, eHarm: shownOrNull(eHarm), eSafe: null },
    standing: isWorse ? "worse" : isQuiet ? "safe" : "open",
  };
}

/** The share of units with an event in each arm; null without units. */
function ratesOf({ counts, units }: GateState, name: string): PerArm<number | null> {
  const rate = (arm: "candidate" | "stable"): number | null => (units[arm] === 0 ? null : (counts[name]?.units[arm] ?? 0) / units[arm]);
  return { candidate: rate("candidate"), stable: rate("stable") };
}
