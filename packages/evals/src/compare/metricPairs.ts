import { changeOf } from "./changeOf.ts";
import type { MetricPlan } from "./metricPlan.ts";
import type { ScoredTrial } from "./scoredRun.ts";

/** A metric on the items that both runs have: one value an item, the mean of its repeats. */
export interface MetricPairs {
  readonly items: readonly string[];
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** Candidate minus baseline, turned so that more is better. */
  readonly gains: readonly number[];
  /** The cluster of each item; undefined where no two items share one. */
  readonly clusters: readonly (string | undefined)[] | undefined;
  /** Items that one run scored and the other did not, and for which no worst score is known; and those that nobody could score. */
  readonly unscored: number;
}

/** The score of what was not scored: the worst there can be, if that is known. */
export function worstScore({ direction, range }: Pick<MetricPlan, "direction" | "range">): number | undefined {
  return direction === "increase" ? range?.[0] : range?.[1];
}

type ScoredPlan = Pick<MetricPlan, "name" | "direction" | "range">;

/**
 * What one trial scored. One that failed has the worst score if that is known, whatever it was given;
 * else what it was given where more is better, and nothing where less is: a score of 0 would be praise.
 */
function trialScore({ scores, failed }: ScoredTrial, plan: ScoredPlan): number | undefined {
  if (failed !== true) return scores[plan.name];
  return worstScore(plan) ?? (plan.direction === "increase" ? scores[plan.name] : undefined);
}

/** Whether nobody could score one of these trials by a metric. */
export function isUnscored(trials: readonly ScoredTrial[] | undefined, name: string): boolean {
  return trials?.some(({ unscored }) => unscored?.includes(name)) ?? false;
}

/**
 * The mean of an item's repeats; one that was not scored counts as the worst if others were, and one that nobody could score
 * is left out. Undefined if nothing can be said, as of an item of which a repeat failed that nobody knows how to count.
 */
export function itemScore(trials: readonly ScoredTrial[], plan: ScoredPlan): number | undefined {
  const worst = worstScore(plan);
  const scored = trials.filter((trial) => !isUnscored([trial], plan.name));
  const scores = scored.map((trial) => trialScore(trial, plan));
  if (scores.every((score) => score === undefined)) return undefined;
  if (worst === undefined && scored.some(({ failed }, index) => failed === true && scores[index] === undefined)) return undefined;
  const known = scores.map((score) => score ?? worst).filter((score) => score !== undefined);
  return known.reduce((sum, score) => sum + score, 0) / known.length;
}

/** Whether a run has a metric at all. What a scorer that was never asked did not score says nothing of the run. */
function hasMetric(items: ReadonlyMap<string, readonly ScoredTrial[]>, name: string): boolean {
  return items.values().some((trials) => trials.some(({ scores }) => scores[name] !== undefined));
}

/**
 * Pairs a metric by item. An item that neither run scored has nothing to do with the metric; one that only one of them scored counts
 * as the worst where it was not, if that run scored others. One that nobody could score in either run is left out, and counted.
 */
export function pairMetric(
  plan: MetricPlan,
  baseline: ReadonlyMap<string, readonly ScoredTrial[]>,
  candidate: ReadonlyMap<string, readonly ScoredTrial[]>,
): MetricPairs {
  const worst = [baseline, candidate].map((items) => (hasMetric(items, plan.name) ? worstScore(plan) : undefined));
  const pairs = { items: [] as string[], baseline: [] as number[], candidate: [] as number[], gains: [] as number[] };
  const clusters: (string | undefined)[] = [];
  let unscored = 0;
  for (const [item, before] of baseline) {
    const after = candidate.get(item);
    if (after === undefined) continue;
    const scores = [itemScore(before, plan), itemScore(after, plan)];
    const isFailed = [before, after].map((trials, side) => scores[side] === undefined && isUnscored(trials, plan.name));
    if (!isFailed.includes(true) && scores.every((score) => score === undefined)) continue;
    const [was, is] = scores.map((score, side) => score ?? (isFailed[side] ? undefined : worst[side]));
    if (was === undefined || is === undefined) {
      unscored += 1;
      continue;
    }
    pairs.items.push(item);
    pairs.baseline.push(was);
    pairs.candidate.push(is);
    pairs.gains.push(plan.direction === "increase" ? changeOf(was, is) : changeOf(is, was));
    clusters.push(before[0]?.cluster);
  }
  const named = clusters.filter((cluster) => cluster !== undefined);
  return { ...pairs, clusters: new Set(named).size < named.length ? clusters : undefined, unscored };
}
