import type { ClickHouseClient } from "@clickhouse/client";
import { AppError, type CanaryPolicy, type Exposure, type GatePolicy, metricSource, type UnitEvent } from "@signalbox/model";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { type ExposedTask, type ExposedUnit, listExposedUnits } from "./exposedUnits.ts";
import type { RolloutWindow } from "./rolloutWindow.ts";
import { readTaskFailures, readTaskRewards } from "./taskFacts.ts";
import { type BoundTrace, readTraceCosts, readTraceScores } from "./traceFacts.ts";
import { type Facts, REWARD, settledAt, unitEvents } from "./unitEvents.ts";

export interface GateStores {
  readonly prisma: PrismaClient;
  readonly clickhouse: ClickHouseClient;
}

/** So many tasks and their traces are asked for at once. */
const CHUNK_TASKS = 2_000;

/**
 * What both stores know of a rollout's units: who was given to which arm, and what became of them. A unit's exposures are its first tasks
 * with either version since the rollout began (not those that name who serves them), its events what was known of it by the time that it
 * was settled, at most one of each metric (`unitEvents`). When something was known: a task's admission is the store's time; a span's or a
 * collected score's is the collector's (`received_at`); dead letters, failed attempts, ends of tasks and evaluations have that of the
 * service that wrote them. Throws `invalid_input` for a policy without a canary, `overloaded` for a rollout of more tasks than are read.
 */
export async function readUnits(
  { prisma, clickhouse }: GateStores,
  rollout: RolloutWindow,
  { spec: { unit, canary } }: GatePolicy,
): Promise<{ exposures: Exposure[]; events: UnitEvent[] }> {
  if (canary === undefined) throw new AppError("invalid_input", "The policy says nothing of live traffic: it has no canary.");
  const units = await listExposedUnits(prisma, rollout, unit);
  const until = rollout.until.getTime();
  const events: UnitEvent[] = [];
  for (const some of chunked(units)) {
    const facts = await readFacts({ prisma, clickhouse }, rollout, some, canary);
    for (const one of some) events.push(...unitEvents(one, facts, canary, until));
  }
  return { exposures: units.flatMap(exposuresOf), events };
}

/** Whether telemetry tells some of a policy's metrics, and so late when its store was away. */
export const isToldByTelemetry = ({ metrics }: CanaryPolicy): boolean =>
  metrics.some(({ name }) => ["score", "cost"].includes(metricSource(name).kind));

/** A unit's first exposure, and where it was seen in the other arm too, the first of that. */
function exposuresOf({ exposure, tasks }: ExposedUnit): Exposure[] {
  const crossing = tasks.find(({ arm }) => arm !== exposure.arm);
  return crossing === undefined ? [exposure] : [exposure, { ...exposure, arm: crossing.arm, at: crossing.admittedAt }];
}

/** Units in their order, so many together as have about `CHUNK_TASKS` tasks. */
function* chunked(units: readonly ExposedUnit[]): Generator<ExposedUnit[]> {
  let [chunk, tasks]: [ExposedUnit[], number] = [[], 0];
  for (const unit of units) {
    chunk.push(unit);
    tasks += unit.tasks.length;
    if (tasks < CHUNK_TASKS) continue;
    yield chunk;
    [chunk, tasks] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}

/** What a policy's metrics ask of both stores about some units. Nothing that none of them needs is read. */
async function readFacts(
  { prisma, clickhouse }: GateStores,
  rollout: RolloutWindow,
  units: readonly ExposedUnit[],
  policy: CanaryPolicy,
): Promise<Facts> {
  const tasks = units.flatMap((unit) => unit.tasks);
  const ids = tasks.map(({ id }: ExposedTask) => id);
  const traces = units.flatMap((unit): BoundTrace[] => {
    const by = Math.min(settledAt(unit, policy), rollout.until.getTime());
    return unit.tasks.map(({ traceId }) => ({ traceId, until: by }));
  });
  const scoreNames = policy.metrics.filter(({ name }) => metricSource(name).kind === "score").map(({ name }) => name);
  const isCosted = policy.metrics.some(({ name }) => metricSource(name).kind === "cost");
  const nothing = new Map<string, never>();
  const [failures, rewards, costs, scores] = await Promise.all([
    readTaskFailures(prisma, ids),
    scoreNames.includes(REWARD) ? readTaskRewards(prisma, ids) : nothing,
    isCosted ? readTraceCosts(clickhouse, rollout, traces) : nothing,
    scoreNames.length > 0 ? readTraceScores(clickhouse, rollout.project, traces, scoreNames) : nothing,
  ]);
  return { failures, rewards, costs, scores };
}
