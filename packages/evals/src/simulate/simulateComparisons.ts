import { comparisonWord } from "../compare/compareRuns.ts";
import type { MetricPairs } from "../compare/metricPairs.ts";
import type { MetricPlan } from "../compare/metricPlan.ts";
import { seededRandom, seedOf } from "../statistics/seededRandom.ts";
import type { ComparisonModel } from "./comparisonModels.ts";
import { isAtLeast, isAtMost, monteCarloError } from "./withinErrors.ts";

/** A test on this many items where the candidate is truly worse by `drop` (a share: 0.05 is five points). */
export interface ComparisonCell {
  readonly model: ComparisonModel;
  readonly items: number;
  readonly drop: number;
}

/** How simulations are done. */
export interface Simulation {
  readonly sims: number;
  readonly alpha: number;
  readonly margin: number;
  readonly resamples: number;
  readonly seed: number;
}

/** The results of a cell, as shares of its simulations. */
export interface ComparisonFigures {
  readonly test: string;
  readonly items: number;
  readonly drop: number;
  readonly regressed: number;
  /** The power by the formula; alpha without a drop. */
  readonly predicted: number;
  readonly monteCarloError: number;
  /**
   * The share of simulations that called the candidate non-inferior within
   * the margin. If the drop is at least the margin, it is at most alpha.
   */
  readonly nonInferior: number;
  /**
   * Without a drop: `regressed` is at most alpha plus three Monte Carlo errors. With one:
   * within three errors of the formula; and `nonInferior` stays within alpha where it has to.
   */
  readonly holds: boolean;
}

/** Simulates pairs of runs, and counts the results. */
export function simulateComparison(
  { model, items, drop }: ComparisonCell,
  { sims, alpha, margin, resamples, seed }: Simulation,
): ComparisonFigures {
  const plan: MetricPlan = { name: "score", kind: model.kind, direction: "increase", test: "paired-t", margin, alpha, range: null };
  const clusters = model.clustersOf?.(items);
  const cellSeed = seedOf(
    seed,
    items,
    Math.round(1e6 * drop),
    [...model.name].reduce((sum, letter) => 31 * sum + letter.charCodeAt(0), 7) >>> 0,
  );
  let [regressed, nonInferior] = [0, 0];
  for (let sim = 0; sim < sims; sim += 1) {
    const gains = model.drawGains(seededRandom(seedOf(cellSeed, sim)), items, drop);
    const pairs: MetricPairs = { items: [], baseline: [], candidate: [], gains, clusters, unscored: 0 };
    const evidence = model.test.weigh(pairs, plan, { resamples, seed: seedOf(cellSeed, sim, 1) });
    if (comparisonWord(evidence, plan) === "regressed") regressed += 1;
    if (evidence.lower > -margin) nonInferior += 1;
  }
  const predicted = drop === 0 ? alpha : model.powerOf(items, drop, alpha);
  const isFound = isAtMost(regressed, sims, predicted) && (drop === 0 || isAtLeast(regressed, sims, predicted));
  const isSafe = drop < margin || isAtMost(nonInferior, sims, alpha);
  return {
    ...{ test: model.name, items, drop, predicted, regressed: regressed / sims, nonInferior: nonInferior / sims },
    monteCarloError: monteCarloError(predicted, sims),
    holds: isFound && isSafe,
  };
}
