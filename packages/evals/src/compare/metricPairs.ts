import { changeOf } from "./changeOf.ts";
import type { MetricPlan } from "./metricPlan.ts";
import type { ScoredTrial } from "./scoredRun.ts";

/** A metric on the items that both runs have: one value per item, the mean of its repeats. */
export interface MetricPairs {
  readonly items: readonly string[];
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** Candidate minus baseline, signed such that more is better. */
  readonly gains: readonly number[];
  /** The cluster of each item; undefined where no two items share one. */
  readonly clusters: readonly (string | undefined)[] | undefined;
  /** Items that only one run scored while no worst score is known, and items that neither could score. */
  readonly unscored: number;
}

/** The stand-in for a missing score: the worst possible one, if it is known. */
export function worstScore({ direction, range }: Pick<MetricPlan, "direction" | "range">): number | undefined {
  return direction === "increase" ? range?.[0] : range?.[1];
}

type ScoredPlan = Pick<MetricPlan, "name" | "direction" | "range">;

/**
 * The score of one trial. A failed trial has the worst score, if that is known; otherwise
 * its own where more is better, and none where less is better, since its 0 would be praise.
 */
function trialScore({ scores, failed }: ScoredTrial, plan: ScoredPlan): number | undefined {
  if (failed !== true) return scores[plan.name];
  return worstScore(plan) ?? (plan.direction === "increase" ? scores[plan.name] : undefined);
}

/** Whether one of these trials could not be scored on a metric. */
export function isUnscored(trials: readonly ScoredTrial[] | undefined, name: string): boolean {
  return trials?.some(({ unscored }) => unscored?.includes(name)) ?? false;
}

/**
 * The mean of an item's repeats. A missing score counts as the worst if other repeats have one; a repeat that could not be scored
 * is left out. Undefined where no mean can be formed, such as for an item with a failed repeat whose worst score is unknown.
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

/** Whether a run has a metric at all; a scorer that was never used tells nothing about the run. */
function hasMetric(items: ReadonlyMap<string, readonly ScoredTrial[]>, name: string): boolean {
  return items.values().some((trials) => trials.some(({ scores }) => scores[name] !== undefined));
}

/**
 * Pairs a metric by item. Items that neither run scored do not concern the metric; items that only one scored count as the
 * worst for the other, if that run scored others. Items that could not be scored in one of the runs are left out and counted.
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
