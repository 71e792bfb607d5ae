import { AppError, type Exposure, type GatePolicy } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import type { RolloutWindow, WeightInForce } from "./rolloutWindow.ts";

/** Gateways follow another weight within a second: units that are first seen before that were given away by nobody knows which. */
const FOLLOWING_MS = 2_000;

/** The index knows when gateways say that they admitted a task; no gateway's clock is off by more. */
const SKEW_MAX_MS = 3_600_000;

/** So many tasks of a rollout are read at most. */
const TASKS_MAX = 200_000;

/** A task of a rollout. Times are milliseconds since 1970: `admittedAt` is the store's, `createdAt` and `endedAt` (null while it is at work) those of who admitted and who served it. */
export interface ExposedTask {
  readonly id: string;
  readonly traceId: string;
  readonly arm: Exposure["arm"];
  readonly admittedAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** A unit of a rollout with its tasks in the order of their admission: its first is its exposure. */
export interface ExposedUnit {
  readonly exposure: Exposure;
  readonly tasks: readonly ExposedTask[];
}

/** What a task's unit is called: its session's or user's id behind what it is, or else the task's own. A policy by users asks for those first. */
function unitName(unit: GatePolicy["spec"]["unit"]): Prisma.Sql {
  const session = Prisma.sql`'session:' || session`;
  const user = Prisma.sql`'user:' || user_id`;
  const [first, second] = unit === "user" ? [user, session] : [session, user];
  return Prisma.sql`COALESCE(${first}, ${second}, 'task:' || id::text)`;
}

/** The units of a rollout in the order of their first exposure. Those that were first seen while no weight of it was in force, or another one was not yet followed everywhere, are left out. */
export async function listExposedUnits(
  prisma: PrismaClient,
  { project, stable, candidate, since, until, weights }: RolloutWindow,
  unit: GatePolicy["spec"]["unit"],
): Promise<ExposedUnit[]> {
  const earliest = new Date(since.getTime() - SKEW_MAX_MS);
  const rows = await askStateStore(
    () => prisma.$queryRaw<(ExposedTask & { unit: string })[]>`
    SELECT id::text AS id, ${unitName(unit)} AS unit, trace_id AS "traceId", variant AS arm,
      (extract(epoch FROM COALESCE(admitted_at, created_at)) * 1000)::float8 AS "admittedAt", (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
      (CASE WHEN status IN ('done', 'dead') THEN finished_us / 1000 END)::float8 AS "endedAt"
    FROM task
    WHERE project = ${project} AND created_at >= ${earliest}
      AND ((version = ${stable} AND variant = 'stable') OR (version = ${candidate} AND variant = 'candidate'))
      AND COALESCE(admitted_at, created_at) >= ${since} AND COALESCE(admitted_at, created_at) < ${until}
    ORDER BY COALESCE(admitted_at, created_at), id LIMIT ${TASKS_MAX + 1}`,
  );
  if (rows.length > TASKS_MAX)
    throw new AppError("overloaded", `The rollout has more than ${TASKS_MAX.toLocaleString("en")} tasks: more are not read.`, {
      hint: "Promote or abort it, and start one with fewer units a step.",
    });
  return [...Map.groupBy(rows, (row) => row.unit)].flatMap(([name, tasks]): ExposedUnit[] => {
    const [first] = tasks;
    const inForce = first === undefined ? undefined : weightAt(weights, first.admittedAt);
    if (first === undefined || inForce === undefined) return [];
    const { step, weight } = inForce;
    return [{ exposure: { unit: name, arm: first.arm, step, share: weight / 100, at: first.admittedAt }, tasks }];
  });
}

/** The weight that every gateway followed at a time; none before the first one, and while some may not have heard of it. */
function weightAt(weights: readonly WeightInForce[], at: number): WeightInForce | undefined {
  const last = weights.findLast(({ from }) => from.getTime() <= at);
  return last !== undefined && at - last.from.getTime() >= FOLLOWING_MS ? last : undefined;
}
