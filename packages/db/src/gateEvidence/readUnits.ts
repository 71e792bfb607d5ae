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

/** The number of tasks, with their traces, per query. */
const CHUNK_TASKS = 2_000;

/**
 * Reads a rollout's units from both stores: their exposures to an arm, and their outcomes. A unit's exposures are its first tasks
 * with either version since the rollout began (except tasks that name their version); its events are the outcomes known by the time
 * it was settled, at most one per metric (`unitEvents`). The time of an outcome: a task's admission has the store's time; a span or a
 * collected score the collector's (`received_at`); dead letters, failed attempts, ends of tasks and evaluations that of the service
 * that wrote them. Throws `invalid_input` for a policy without a canary, `overloaded` for a rollout with more tasks than are read.
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

/** Whether some of a policy's metrics come from telemetry, which arrives late after its store was unavailable. */
export const isToldByTelemetry = ({ metrics }: CanaryPolicy): boolean =>
  metrics.some(({ name }) => ["score", "cost"].includes(metricSource(name).kind));

/** A unit's first exposure, and its first exposure to the other arm, if it was seen there too. */
function exposuresOf({ exposure, tasks }: ExposedUnit): Exposure[] {
  const crossing = tasks.find(({ arm }) => arm !== exposure.arm);
  return crossing === undefined ? [exposure] : [exposure, { ...exposure, arm: crossing.arm, at: crossing.admittedAt }];
}

/** Units in their order, in groups of about `CHUNK_TASKS` tasks. */
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

/** The facts that a policy's metrics need from both stores about some units, and no others. */
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
