import type { OfflineMetric, OfflinePolicy } from "@signalbox/model";
import { type Comparison, compareRuns, type MetricComparison } from "../../compare/compareRuns.ts";
import { isUnscored, itemScore, worstScore } from "../../compare/metricPairs.ts";
import type { MetricAsk } from "../../compare/metricPlan.ts";
import { inFigures, metricSentence } from "../../compare/metricSentence.ts";
import { type ScoredRun, trialsByItem } from "../../compare/scoredRun.ts";
import type { GateRun } from "./offlineEvidence.ts";
import { whyIncomparable, whyShort } from "./preconditions.ts";
import { whyUncalibrated } from "./whyUncalibrated.ts";
import { type WorsenedItem, worsenedItems } from "./worsenedItems.ts";

/** A gate's decision. */
export type GateVerdict = "pass" | "fail" | "inconclusive";

/**
 * The verdict on one metric of a policy, with the comparison behind it (null
 * where there was nothing to compare with) and a reason in one sentence.
 */
export interface MetricVerdict {
  readonly name: string;
  readonly verdict: GateVerdict;
  readonly reason: string;
  readonly critical: boolean;
  /** Whether the metric cannot fail the gate, because its judge is not calibrated. */
  readonly isSignal: boolean;
  readonly comparison: MetricComparison | null;
}

/** An offline gate's decision, with a reason in one sentence. */
export interface OfflineVerdict {
  readonly verdict: GateVerdict;
  readonly reason: string;
  readonly metrics: readonly MetricVerdict[];
  /** The numbers of items that the runs share, and that only one of them has. Null without a baseline. */
  readonly items: Comparison["items"] | null;
  /** The items that lost, largest losses first. */
  readonly worsened: readonly WorsenedItem[];
}

/** A policy's metric as input of a comparison. A null margin means none. */
function askOf({ name, kind, test, direction, nonInferiorityMargin, alpha, range }: OfflineMetric): MetricAsk {
  return { name, kind, direction, alpha, test, margin: nonInferiorityMargin ?? null, range: range ?? null };
}

/** Compares the metrics of a policy: critical ones each at their full alpha, the others corrected for their number. */
function comparisons(policy: OfflinePolicy, baseline: ScoredRun, candidate: ScoredRun): Comparison[] {
  const critical = policy.metrics.filter((metric) => metric.critical);
  const others = policy.metrics.filter((metric) => !metric.critical);
  return [
    ...critical.map((metric) => compareRuns(baseline, candidate, { metrics: [askOf(metric)], correction: "none" })),
    ...(others.length === 0 ? [] : [compareRuns(baseline, candidate, { metrics: others.map(askOf), correction: policy.correction })]),
  ];
}

/**
 * The fault of a candidate whose mean exceeds a plain limit; undefined where it does not, or there is no limit. An item scored by the
 * baseline only counts as the worst score, so that omitting it is no way under a limit. An item that could not be scored does not count.
 */
function whyOverLimit(
  { name, maxAbsolute, direction, kind, range }: OfflineMetric,
  candidate: ScoredRun,
  baseline: ScoredRun | null,
): string | undefined {
  if (maxAbsolute === undefined) return undefined;
  const plan = { name, direction, range: kind === "binary" ? ([0, 1] as const) : (range ?? null) };
  const [before, after] = [trialsByItem(baseline ?? { name: "", trials: [] }), trialsByItem(candidate)];
  const own = [...after.values()].map((trials) => itemScore(trials, plan));
  if (own.every((score) => score === undefined)) return undefined;
  const isLeftOut = (item: string): boolean => itemScore(before.get(item) ?? [], plan) !== undefined && !isUnscored(after.get(item), name);
  const scores = [...after.keys()]
    .map((item, index) => own[index] ?? (isLeftOut(item) ? worstScore(plan) : undefined))
    .filter((score) => score !== undefined);
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return mean > maxAbsolute ? `${name} is ${inFigures(mean)}, above its limit of ${inFigures(maxAbsolute)}.` : undefined;
}

function judgeMetric(
  metric: OfflineMetric,
  compared: MetricComparison,
  power: number,
  short: string | undefined,
  candidate: GateRun,
  baseline: GateRun,
): MetricVerdict {
  const { name, critical } = metric;
  const uncalibrated = whyUncalibrated(metric.judge, candidate.calibrations?.[name]);
  const sentence = metricSentence(compared, power);
  const decided = (verdict: GateVerdict, reason: string): MetricVerdict => ({
    ...{ name, critical, comparison: compared, isSignal: uncalibrated !== undefined },
    ...{ verdict: verdict === "fail" && uncalibrated !== undefined ? "inconclusive" : verdict },
    reason: uncalibrated === undefined ? reason : `${reason} ${uncalibrated}`,
  });

  const overLimit = whyOverLimit(metric, candidate, baseline);
  if (overLimit !== undefined) return decided("fail", overLimit);
  if (short !== undefined) return decided("inconclusive", `${sentence} ${short}`);
  if (compared.word === "regressed") return decided("fail", sentence);
  if (uncalibrated !== undefined) return decided("inconclusive", sentence);
  if (compared.unscored > 0) return decided("inconclusive", sentence);
  if (compared.items === 0) return decided("inconclusive", `${sentence} No item that both runs have was scored.`);
  return compared.isNonInferior === false ? decided("inconclusive", sentence) : decided("pass", sentence);
}

function withoutBaseline(metric: OfflineMetric, candidate: GateRun, why: string): MetricVerdict {
  const overLimit = whyOverLimit(metric, candidate, null);
  const { name, critical } = metric;
  return {
    name,
    critical,
    isSignal: false,
    comparison: null,
    verdict: overLimit === undefined ? "inconclusive" : "fail",
    reason: overLimit ?? why,
  };
}

const severity: Record<GateVerdict, number> = { fail: 0, inconclusive: 1, pass: 2 };

/** The overall verdict: the worst of the metrics', critical ones first. `short` says why a pass is out of reach. */
function overall(metrics: readonly MetricVerdict[], short: string | undefined): Pick<OfflineVerdict, "verdict" | "reason"> {
  const byWeight = metrics.toSorted(
    (one, other) => severity[one.verdict] - severity[other.verdict] || Number(other.critical) - Number(one.critical),
  );
  const [first] = byWeight;
  if (first === undefined) return { verdict: "inconclusive", reason: "There is no metric to judge by." };
  if (first.verdict === "inconclusive" && short !== undefined) return { verdict: "inconclusive", reason: short };
  if (first.verdict !== "pass") return { verdict: first.verdict, reason: first.reason };
  const names = metrics.map(({ name }) => name).join(", ");
  return { verdict: "pass", reason: `No metric regressed, and none loses as much as its margin: ${names}.` };
}

/**
 * Judges a candidate's eval run against a baseline's by the offline part of a policy. Pure: the same runs and policy give the same
 * verdict. A metric fails if it is shown to be worse (at its alpha, corrected for the number of metrics unless it is critical) or
 * exceeds its limit; it passes only if a loss as large as its margin is ruled out; otherwise it is inconclusive, and states the
 * detectable effect. The gate fails with its worst metric. It never passes without a baseline, on another dataset, with fewer items
 * or repeats than the policy asks for, or if items of the baseline are missing. Throws `invalid_input` as `compareRuns` does.
 */
export function judgeOffline(policy: OfflinePolicy, candidate: GateRun, baseline: GateRun | null): OfflineVerdict {
  const incomparable = whyIncomparable(policy, candidate, baseline);
  if (baseline === null || incomparable !== undefined) {
    const why = incomparable ?? "There is no baseline to compare with.";
    const metrics = policy.metrics.map((metric) => withoutBaseline(metric, candidate, why));
    return { ...overall(metrics, why), metrics, items: null, worsened: [] };
  }

  const compared = comparisons(policy, baseline, candidate);
  const [{ items, power }] = compared as [Comparison, ...Comparison[]];
  const short = whyShort(policy, candidate, baseline, items);
  const found = new Map(compared.flatMap((comparison) => comparison.metrics.map((metric) => [metric.name, metric] as const)));
  const metrics = policy.metrics.map((metric) =>
    judgeMetric(metric, found.get(metric.name) as MetricComparison, power, short, candidate, baseline),
  );
  return { ...overall(metrics, short), metrics, items, worsened: worsenedItems([...found.values()], baseline, candidate) };
}
