import { type CanaryPolicy, durationMs, metricSource, type UnitEvent } from "@signalbox/model";
import type { ExposedTask, ExposedUnit } from "./exposedUnits.ts";
import type { TaskFailures, TaskReward } from "./taskFacts.ts";
import type { TraceCost, TraceScore } from "./traceFacts.ts";

/** The facts from both stores, by task id and by trace id. */
export interface Facts {
  readonly failures: ReadonlyMap<string, TaskFailures>;
  readonly rewards: ReadonlyMap<string, TaskReward>;
  readonly costs: ReadonlyMap<string, TraceCost>;
  readonly scores: ReadonlyMap<string, readonly TraceScore[]>;
}

/** A value, when all that it is made of was known (milliseconds), and of a latency how long the longest task took. */
type Known = { readonly value: number; readonly at: number; readonly tookMs?: number };

/** The name of the score that an evaluation gives. */
export const REWARD = "reward";

/** The time at which a unit is settled (milliseconds): outcomes known by then count. */
export const settledAt = ({ exposure }: ExposedUnit, policy: CanaryPolicy): number => exposure.at + durationMs(policy.onMissing.scoringLag);

/**
 * The outcomes of a unit's tasks in the arm of its exposure (what the other arm did later does not count) by the time it is
 * settled, at most one event per metric: the result does not depend on when, or how often, the stores are read. A metric with
 * no known outcome gets no event; not even "nothing bad happened", where the unit's first task did not end in time. Pure.
 */
export function unitEvents(unit: ExposedUnit, facts: Facts, policy: CanaryPolicy, until: number): UnitEvent[] {
  const settled = settledAt(unit, policy);
  const by = Math.min(settled, until);
  const tasks = unit.tasks.filter(({ admittedAt, arm }) => admittedAt <= by && arm === unit.exposure.arm);
  const { unit: name } = unit.exposure;
  const inTime = (at: number | null | undefined): at is number => at !== null && at !== undefined && at <= by;
  const earliest = (of: (failures: TaskFailures) => number | null): number | null => {
    const times = tasks.map(({ id }) => facts.failures.get(id)).flatMap((failures) => (failures === undefined ? [] : (of(failures) ?? [])));
    return times.length === 0 ? null : Math.min(...times);
  };
  const deadAt = earliest((failures) => failures.deadAt);
  // The absence of events is known once a served unit is settled: its first task had the whole time.
  const isServed = inTime(tasks[0]?.endedAt) || inTime(deadAt);
  const nothing: Known | undefined = isServed && settled <= until ? { value: 0, at: settled } : undefined;
  const happened = (at: number | null): Known | undefined => (inTime(at) ? { value: 1, at } : nothing);

  const known = (metric: string): Known | undefined => {
    const source = metricSource(metric);
    switch (source.kind) {
      case "deadLetters":
        return happened(deadAt);
      case "failedAttempts":
        return happened(earliest(({ failedAt }) => failedAt));
      case "latency":
        return lateness(tasks, source.overMs, by);
      case "cost":
        return costOf(tasks, facts, by);
      case "score":
        return meanScore(tasks, facts, metric, by);
    }
  };
  const values = policy.metrics.flatMap((metric): UnitEvent[] => {
    // Counted events are often reported only where they happened.
    const value = known(metric.name) ?? (metric.kind === "count" ? nothing : undefined);
    return value === undefined ? [] : [{ kind: "value", unit: name, metric: metric.name, ...value }];
  });
  return inTime(deadAt) ? [...values, { kind: "dead", unit: name, at: deadAt }] : values;
}

/**
 * Whether some task took longer than an objective, from its admission to its end: 1 or 0.
 * One that is still at work is late once it has taken longer, and says nothing before; nor
 * does it then say how long the unit took (`tookMs`), which nobody knows yet.
 */
function lateness(tasks: readonly ExposedTask[], overMs: number, by: number): Known | undefined {
  const ends = tasks.flatMap(({ createdAt, endedAt }): Known[] => {
    const dueAt = createdAt + overMs;
    if (endedAt !== null && endedAt <= by) return [{ value: endedAt > dueAt ? 1 : 0, at: endedAt }];
    return dueAt < by ? [{ value: 1, at: dueAt }] : [];
  });
  const times = tasks.flatMap(({ createdAt, endedAt }) => (endedAt !== null && endedAt <= by ? [Math.max(0, endedAt - createdAt)] : []));
  const took = times.length === tasks.length && times.length > 0 ? { tookMs: Math.max(...times) } : {};
  const late = ends.filter(({ value }) => value === 1);
  if (late.length > 0) return { value: 1, at: Math.min(...late.map(({ at }) => at)), ...took };
  return ends.length === 0 ? undefined : { value: 0, at: Math.max(...ends.map(({ at }) => at)), ...took };
}

/** The cost of the finished tasks; unknown while one of them has no telemetry, or called a model without a known price. */
function costOf(tasks: readonly ExposedTask[], { costs }: Facts, by: number): Known | undefined {
  const finished = tasks.filter(({ endedAt }) => endedAt !== null && endedAt <= by);
  let [value, at] = [0, 0];
  for (const { traceId, endedAt } of finished) {
    const cost = costs.get(traceId);
    if (cost === undefined || cost.costUsd === null) return undefined;
    value += cost.costUsd;
    at = Math.max(at, cost.at, endedAt ?? 0);
  }
  return finished.length === 0 ? undefined : { value, at };
}

/** The mean over the tasks with a score, each by its latest. An evaluation takes precedence over a scorer. */
function meanScore(tasks: readonly ExposedTask[], { rewards, scores }: Facts, name: string, by: number): Known | undefined {
  const scored = tasks.flatMap(({ id, traceId }): Known[] => {
    const evaluated = name === REWARD ? rewards.get(id) : undefined;
    if (evaluated !== undefined && evaluated.at <= by) return [{ value: evaluated.reward, at: evaluated.at }];
    const latest = scores.get(traceId)?.findLast((score) => score.name === name && score.at <= by);
    return latest === undefined ? [] : [latest];
  });
  if (scored.length === 0) return undefined;
  return { value: scored.reduce((sum, { value }) => sum + value, 0) / scored.length, at: Math.max(...scored.map(({ at }) => at)) };
}
