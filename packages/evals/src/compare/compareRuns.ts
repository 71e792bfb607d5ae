import { AppError } from "@signalbox/model";
import { benjaminiHochberg, holm } from "../statistics/paired/corrections.ts";
import type { Resampling } from "../statistics/paired/pairedBootstrap.ts";
import { changeOf } from "./changeOf.ts";
import { type MetricPairs, pairMetric } from "./metricPairs.ts";
import { type MetricAsk, type MetricPlan, metricsOf, type NamedAsks, namedIn, planMetrics } from "./metricPlan.ts";
import { type ScoredRun, trialsByItem } from "./scoredRun.ts";
import { chooseTest } from "./tests/chooseTest.ts";

/** The possible results for one metric, in words. */
export const COMPARISON_WORDS = {
  improved: "improved",
  regressed: "regressed",
  equivalent: "equivalent within margin",
  not_enough_evidence: "not enough evidence",
} as const;
export type ComparisonWord = keyof typeof COMPARISON_WORDS;

/**
 * Corrections of p-values for multiple metrics: `holm` bounds the probability of any false result, `bh` the expected share of false ones.
 */
const CORRECTIONS = { holm, bh: benjaminiHochberg, none: (pValues: readonly number[]) => [...pValues] } as const;
export type Correction = keyof typeof CORRECTIONS;

/** Options of a comparison; defaults follow from the scores. */
export interface ComparisonOptions {
  /** The metrics to compare, and how; default: every metric that both runs scored. */
  readonly metrics?: readonly MetricAsk[];
  /** Non-inferiority margins by metric name, where `metrics` is left out. */
  readonly margins?: NamedAsks["margins"];
  /** Tests by metric name, where `metrics` is left out. */
  readonly tests?: NamedAsks["tests"];
  /** The error probability of each one-sided claim, that a candidate is worse or that it is better. */
  readonly alpha?: number;
  readonly correction?: Correction;
  /** The power for which the minimum detectable effect is stated. */
  readonly power?: number;
  /** The number of resamples; default: adapted to the number of items (`resamplesFor`). */
  readonly resamples?: number;
  readonly seed?: number;
}

/** A metric compared over the items that both runs have. Values are in the metric's unit. */
export interface MetricComparison extends MetricPlan {
  /** The test that was used, and the reason where it is not the requested one (empty if it is). */
  readonly tested: string;
  readonly insteadOf: string;
  readonly items: number;
  readonly unscored: number;
  readonly baselineMean: number;
  readonly candidateMean: number;
  /** Candidate minus baseline. Each end of its interval, `lower` and `upper`, errs with a probability of at most alpha. */
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  /** Corrected for the number of metrics. */
  readonly pWorse: number;
  readonly pBetter: number;
  /** The smallest true loss that these items detect with the stated power, at alpha divided by the number of metrics. */
  readonly minimumDetectable: number;
  /** Whether a loss as large as the margin is ruled out; null without a margin. */
  readonly isNonInferior: boolean | null;
  readonly word: ComparisonWord;
}

/** Two runs side by side. */
export interface Comparison {
  readonly baseline: string;
  readonly candidate: string;
  readonly items: { readonly shared: number; readonly onlyBaseline: number; readonly onlyCandidate: number };
  /** Metrics that only one run scored and that were not requested: they are not compared. */
  readonly uncompared: readonly string[];
  readonly correction: Correction;
  readonly power: number;
  readonly seed: number;
  readonly resamples: number;
  readonly metrics: readonly MetricComparison[];
}

const ALPHA = 0.05;
const POWER = 0.8;
const SEED = 1;

const RESAMPLES = { min: 2_000, max: 10_000, drawsMax: 40_000_000 } as const;

/** The number of resamples for this many items: 10,000, or fewer where that would take seconds. The same wherever runs are compared. */
function resamplesFor(items: number): number {
  return Math.max(RESAMPLES.min, Math.min(RESAMPLES.max, Math.floor(RESAMPLES.drawsMax / items)));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The evidence of no pairs at all. */
const NO_EVIDENCE = {
  pWorse: 1,
  pBetter: 1,
  lower: Number.NEGATIVE_INFINITY,
  upper: Number.POSITIVE_INFINITY,
  minimumDetectable: Number.POSITIVE_INFINITY,
} as const;

/**
 * The evidence for a single metric: gains as they are, p-values not corrected
 * yet. The minimum detectable effect uses the metric's share of alpha.
 */
function weighMetric(plan: MetricPlan, pairs: MetricPairs, resampling: Resampling, { power, share }: { power: number; share: number }) {
  const { test, insteadOf } = chooseTest(plan.test, pairs);
  if (pairs.items.length === 0) return { plan, pairs, tested: test.name, insteadOf, ...NO_EVIDENCE };
  const evidence = test.weigh(pairs, plan, resampling);
  const minimumDetectable = test.minimumDetectable(pairs, { ...plan, alpha: plan.alpha * share }, power);
  return { plan, pairs, tested: test.name, insteadOf, ...evidence, minimumDetectable };
}

/** The word for the corrected p-values and the interval of the gain. */
export function comparisonWord(
  { pWorse, pBetter, lower, upper }: { pWorse: number; pBetter: number; lower: number; upper: number },
  { alpha, margin }: Pick<MetricPlan, "alpha" | "margin">,
): ComparisonWord {
  if (pWorse <= alpha) return "regressed";
  if (pBetter <= alpha) return "improved";
  return margin !== null && lower > -margin && upper < margin ? "equivalent" : "not_enough_evidence";
}

function checkOptions({ alpha = ALPHA, power = POWER, resamples = RESAMPLES.max, metrics = [], margins = {} }: ComparisonOptions): void {
  for (const each of [alpha, ...metrics.map((metric) => metric.alpha ?? alpha)])
    if (!(each > 0 && each < 0.5)) throw new AppError("invalid_input", `An alpha of ${each} is not between 0 and 0.5.`);
  if (!(power > 0 && power < 1)) throw new AppError("invalid_input", `A power of ${power} is not between 0 and 1.`);
  if (!(Number.isSafeInteger(resamples) && resamples >= 100))
    throw new AppError("invalid_input", `${resamples} resamples are too few: at least 100.`);
  for (const { name, margin } of [...metrics, ...Object.entries(margins).map(([name, margin]) => ({ name, margin }))])
    if (margin != null && !(margin >= 0 && Number.isFinite(margin)))
      throw new AppError("invalid_input", `The margin ${margin} of ${name} is no number from 0 up.`);
}

/**
 * Compares a candidate with a baseline, item by item, over the items that both runs have, with the repeats of
 * an item averaged first. Pure; the seed makes it repeatable. States for each metric whether it improved,
 * regressed, is equivalent within its margin, or whether the evidence is insufficient. Throws `invalid_input`
 * for scores that are not finite, a metric that neither run scored, and runs without a common item.
 */
export function compareRuns(baseline: ScoredRun, candidate: ScoredRun, options: ComparisonOptions = {}): Comparison {
  checkOptions(options);
  const { alpha = ALPHA, correction = "holm", power = POWER, seed = SEED } = options;
  const [before, after] = [trialsByItem(baseline), trialsByItem(candidate)];
  const shared = [...before.keys()].filter((item) => after.has(item)).length;
  if (shared === 0)
    throw new AppError("invalid_input", `${baseline.name} and ${candidate.name} have no item in common.`, {
      hint: "Runs are compared by item: both have to be of the same dataset.",
    });

  const { resamples = resamplesFor(shared) } = options;
  const plans = planMetrics([baseline, candidate], options, alpha);
  const share = correction === "none" ? 1 : 1 / plans.length;
  const weighed = plans.map((plan) => weighMetric(plan, pairMetric(plan, before, after), { resamples, seed }, { power, share }));
  const pWorse = CORRECTIONS[correction](weighed.map((metric) => metric.pWorse));
  const pBetter = CORRECTIONS[correction](weighed.map((metric) => metric.pBetter));
  return {
    baseline: baseline.name,
    candidate: candidate.name,
    items: { shared, onlyBaseline: before.size - shared, onlyCandidate: after.size - shared },
    uncompared:
      options.metrics === undefined ? metricsOf([baseline, candidate]).others.filter((name) => !namedIn(options).includes(name)) : [],
    correction,
    power,
    seed,
    resamples,
    metrics: weighed.map(({ plan, pairs, tested, insteadOf, lower, upper, minimumDetectable }, index) => {
      const corrected = { pWorse: pWorse[index] ?? 1, pBetter: pBetter[index] ?? 1 };
      const [baselineMean, candidateMean] = [mean(pairs.baseline), mean(pairs.candidate)];
      const isTurned = plan.direction === "decrease";
      return {
        ...plan,
        tested,
        insteadOf,
        items: pairs.items.length,
        unscored: pairs.unscored,
        baselineMean,
        candidateMean,
        difference: changeOf(baselineMean, candidateMean),
        lower: isTurned ? -upper : lower,
        upper: isTurned ? -lower : upper,
        ...corrected,
        minimumDetectable,
        isNonInferior: plan.margin === null ? null : lower > -plan.margin,
        word: comparisonWord({ ...corrected, lower, upper }, plan),
      };
    }),
  };
}
