import { AppError, type Exposure, type GatePolicy } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import type { RolloutWindow, WeightInForce } from "./rolloutWindow.ts";

/**
 * The delay within which gateways adopt a new routing. For units first seen
 * earlier, the weight in force is unknown unless the gateway recorded it.
 */
const FOLLOWING_MS = 2_000;

/** The index has the gateways' own times of admission; no gateway's clock is off by more than this. */
const SKEW_MAX_MS = 3_600_000;

/** The most tasks of a rollout that are read. */
const TASKS_MAX = 200_000;

/**
 * A task of a rollout. Times are milliseconds since 1970: `admittedAt` is by the store's clock,
 * `createdAt` and `endedAt` (null while it runs) by those of the services that admitted and served it.
 */
export interface ExposedTask {
  readonly id: string;
  readonly traceId: string;
  readonly arm: Exposure["arm"];
  readonly admittedAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** A unit of a rollout with its tasks in the order of their admission: the first one is its exposure. */
export interface ExposedUnit {
  readonly exposure: Exposure;
  readonly tasks: readonly ExposedTask[];
}

/** A unit's name from a task: the kind of the unit, and its id. */
const UNIT_NAME = Prisma.sql`COALESCE(CASE unit WHEN 'session' THEN 'session:' || session WHEN 'user' THEN 'user:' || user_id END, 'task:' || id::text)`;

/**
 * The units of a rollout in the order of their first exposure. Units that a gateway assigned by a weight that
 * the rollout never had are left out. Where units are users, tasks assigned by anything else are left out too.
 */
export async function listExposedUnits(
  prisma: PrismaClient,
  { project, stable, candidate, since, until, weights }: RolloutWindow,
  unit: GatePolicy["spec"]["unit"],
): Promise<ExposedUnit[]> {
  const earliest = new Date(since.getTime() - SKEW_MAX_MS);
  const rows = await askStateStore(
    () => prisma.$queryRaw<(ExposedTask & { unit: string; weight: number | null })[]>`
    SELECT id::text AS id, ${UNIT_NAME} AS unit, trace_id AS "traceId", variant AS arm, weight,
      (extract(epoch FROM COALESCE(admitted_at, created_at)) * 1000)::float8 AS "admittedAt", (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
      (CASE WHEN status IN ('done', 'dead') THEN finished_us / 1000 END)::float8 AS "endedAt"
    FROM task
    WHERE project = ${project} AND created_at >= ${earliest}
      AND (${unit} = 'session' OR unit = 'user') AND ((version = ${stable} AND variant = 'stable') OR (version = ${candidate} AND variant = 'candidate'))
      AND COALESCE(admitted_at, created_at) >= ${since} AND COALESCE(admitted_at, created_at) < ${until}
    ORDER BY COALESCE(admitted_at, created_at), id LIMIT ${TASKS_MAX + 1}`,
  );
  if (rows.length > TASKS_MAX)
    throw new AppError("overloaded", `The rollout has more than ${TASKS_MAX.toLocaleString("en")} tasks: more are not read.`, {
      hint: "Promote or abort it, and start one with fewer units a step.",
    });
  return [...Map.groupBy(rows, (row) => row.unit)].flatMap(([name, tasks]): ExposedUnit[] => {
    const [first] = tasks;
    const inForce = first === undefined ? undefined : followed(weights, first);
    if (first === undefined || inForce === undefined) return [];
    const { step, weight } = inForce;
    return [{ exposure: { unit: name, arm: first.arm, step, share: weight / 100, at: first.admittedAt }, tasks }];
  });
}

/**
 * The weight by which a task was assigned, of those that had come into force. Its gateway recorded which,
 * since one that cannot read the routing follows an old one; without a record it is the weight that every
 * gateway followed. Undefined while some gateways may not have heard of that weight, or of the rollout.
 */
function followed(
  weights: readonly WeightInForce[],
  { weight, admittedAt: at }: { weight: number | null; admittedAt: number },
): WeightInForce | undefined {
  const came = weights.filter(({ from }) => from.getTime() <= at);
  const heard = weight === null ? came.at(-1) : came[0];
  if (heard === undefined || at - heard.from.getTime() < FOLLOWING_MS) return undefined;
  return weight === null ? heard : came.findLast((one) => one.weight === weight);
}
