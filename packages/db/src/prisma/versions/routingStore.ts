import { AppError, newId, type Routing, RoutingUnit, type Variant } from "@signalbox/model";
import { z } from "zod";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { requireProject } from "../projects/projectStore.ts";
import { askStateStore } from "../stateStore.ts";
import { IS_PAUSED } from "../tasks/pauseStore.ts";
import { requireAgentVersion } from "./agentVersionStore.ts";

/** A stored routing of a project. `changedAt` is ISO 8601, UTC. */
export type RecordedRouting = Routing & { changedAt: string; changedBy: string };

/** The part of a routing that a recorded change contains. */
const Routed = z.object({ stable: z.string(), candidate: z.string().nullable(), weight: z.number() }).nullable();
type Routed = NonNullable<z.infer<typeof Routed>>;

/** Who changes a routing, when, and optionally why. */
export type RoutingAct = { actor: string; now: Date; reason?: string | undefined };

/** Records a change, in the transaction that makes it. */
async function recordChange(
  transaction: Prisma.TransactionClient,
  project: string,
  { before, after }: { before: Routed | null; after: Routed | null },
  { actor, now, reason = undefined }: RoutingAct,
): Promise<void> {
  const said = (routing: Routed | null) =>
    routing === null ? Prisma.DbNull : { stable: routing.stable, candidate: routing.candidate, weight: routing.weight };
  const change = { before: said(before), after: said(after), reason: reason ?? null };
  await transaction.routingChangeRow.create({ data: { id: newId(), project, changedAt: now, actor, ...change } });
}

/**
 * A change of a routing: absent fields stay as they are, the `unit` as long
 * as the candidate does. Without a `candidate` (null) there is no weight.
 */
export type RoutingChange = { stable?: string; candidate?: string | null; weight?: number; unit?: RoutingUnit };

function toRouting({ changedAt, ...row }: Prisma.RoutingRowGetPayload<object>): RecordedRouting {
  return { ...row, unit: RoutingUnit.parse(row.unit), changedAt: changedAt.toISOString() };
}

/** A project's routing; null where any version may serve it. Throws `not_found` without such a project. */
export async function readRouting(prisma: PrismaClient, project: string): Promise<RecordedRouting | null> {
  await requireProject(prisma, project);
  const row = await askStateStore(() => prisma.routingRow.findUnique({ where: { project } }));
  return row === null ? null : toRouting(row);
}

/** A recorded change of a project's routing: null is none, where any version serves. `changedAt` is ISO 8601, UTC. */
export type RecordedChange = { changedAt: string; actor: string; reason: string | null; before: Routed | null; after: Routed | null };

/** Up to `rowsMax` changes of a project's routing, the latest first. */
export async function listRoutingChanges(prisma: PrismaClient, project: string, rowsMax: number): Promise<RecordedChange[]> {
  const orderBy = [{ changedAt: "desc" as const }, { id: "desc" as const }];
  const rows = await askStateStore(() => prisma.routingChangeRow.findMany({ where: { project }, orderBy, take: rowsMax }));
  return rows.map(({ changedAt, actor, reason, before, after }) => {
    return { changedAt: changedAt.toISOString(), actor, reason, before: Routed.parse(before), after: Routed.parse(after) };
  });
}

/** Every project's routing. */
export async function listRoutings(prisma: PrismaClient): Promise<Routing[]> {
  return (await askStateStore(() => prisma.routingRow.findMany())).map(toRouting);
}

/** A routing after a change. Throws `invalid_input` for an invalid result. */
function changed(project: string, before: Routing | null, { stable = before?.stable, candidate, weight, unit }: RoutingChange): Routing {
  if (stable === undefined)
    throw new AppError("invalid_input", `Project ${project} has no stable version yet.`, { hint: "Give it one with --stable." });
  const next = candidate === undefined ? (before?.candidate ?? null) : candidate;
  if (next === stable) throw new AppError("invalid_input", `${stable} cannot be both the stable version and the candidate.`);
  if (next === null) {
    if (weight !== undefined && weight > 0) throw new AppError("invalid_input", "A weight is the candidate's, and there is none.");
    return { project, stable, candidate: null, weight: 0, salt: before?.salt ?? newId(), unit: "session" };
  }
  const isSame = next === before?.candidate;
  const drawn = isSame ? { salt: before.salt, unit: unit ?? before.unit } : { salt: newId(), unit: unit ?? "session" };
  return { project, stable, candidate: next, weight: weight ?? (isSame ? before.weight : 0), ...drawn };
}

/** Serialises changes of a project's routing, and of whatever decides on it. */
export async function lockProject(transaction: Prisma.TransactionClient, project: string): Promise<void> {
  await transaction.$queryRaw`SELECT 1 FROM project WHERE name = ${project} FOR UPDATE`;
}

/** Throws while a rollout controls the routing of a project. */
async function requireNoRollout(transaction: Prisma.TransactionClient, project: string): Promise<void> {
  const rollout = await transaction.rolloutRow.findFirst({ where: { project, endedAt: null } });
  if (rollout === null) return;
  throw new AppError(
    "conflict",
    `The routing of project ${project} belongs to rollout ${rollout.id}, to ${rollout.candidate}, until it ends.`,
    {
      hint: `End it first: ./signalbox rollout abort ${rollout.id} --reason "..." takes the candidate away, promote gives it everything.`,
    },
  );
}

/** Changes a project's routing within the given transaction, and records that. */
export async function writeRouting(
  transaction: Prisma.TransactionClient,
  project: string,
  change: RoutingChange,
  act: RoutingAct,
): Promise<RecordedRouting> {
  const before = await transaction.routingRow.findUnique({ where: { project } });
  const { project: _, ...routing } = changed(project, before === null ? null : toRouting(before), change);
  const written = { ...routing, changedAt: act.now, changedBy: act.actor };
  const row = await transaction.routingRow.upsert({ where: { project }, create: { project, ...written }, update: written });
  await recordChange(transaction, project, { before, after: row }, act);
  return toRouting(row);
}

/**
 * Changes the versions that serve a project, effective within a second for new sessions, and records that.
 * Another candidate draws its sessions anew, and starts without any unless it is given a weight. Throws
 * `not_found` for an unknown project or version, and `conflict` while a rollout of the project is under way.
 */
export async function changeRouting(
  prisma: PrismaClient,
  project: string,
  change: RoutingChange,
  act: RoutingAct,
): Promise<RecordedRouting> {
  await requireProject(prisma, project);
  for (const name of [change.stable, change.candidate ?? undefined]) if (name !== undefined) await requireAgentVersion(prisma, name);
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await lockProject(transaction, project);
      await requireNoRollout(transaction, project);
      return writeRouting(transaction, project, change, act);
    }),
  );
}

/**
 * Lets any version serve a project again. Tasks that have a version keep it. Throws `conflict` while a rollout of the project is under way.
 */
export async function clearRouting(prisma: PrismaClient, project: string, act: RoutingAct): Promise<void> {
  await requireProject(prisma, project);
  await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await lockProject(transaction, project);
      await requireNoRollout(transaction, project);
      const before = await transaction.routingRow.findUnique({ where: { project } });
      if (before === null) return;
      await transaction.routingRow.delete({ where: { project } });
      await recordChange(transaction, project, { before, after: null }, act);
    }),
  );
}

/** The numbers of tasks, and of distinct units, that a project assigned to a version, and of those tasks that wait for a worker. */
export type Exposure = { version: string; variant: Variant; tasks: number; units: number; queued: number };

/** The assignments of a project's versions since a time, as recorded before the agent ran. */
export async function listExposures(prisma: PrismaClient, project: string, since: Date): Promise<Exposure[]> {
  return askStateStore(
    () => prisma.$queryRaw<Exposure[]>`
      SELECT version, variant, count(*)::int AS tasks, count(*) FILTER (WHERE status = 'queued')::int AS queued,
        count(DISTINCT CASE unit WHEN 'session' THEN 's ' || session WHEN 'user' THEN 'u ' || user_id ELSE 't ' || id::text END)::int AS units
      FROM task WHERE project = ${project} AND version IS NOT NULL AND created_at >= ${since}
      GROUP BY version, variant ORDER BY version, variant`,
  );
}

/**
 * The number of tasks with an assigned version that wait for a worker of its build, and the time (ISO 8601, UTC) since when the first does.
 */
export type WaitingVersion = { version: string; build: string; waiting: number; waitingSince: string | null };

/** The versions assigned to unfinished tasks, and the number of those that wait. */
export async function countVersionedTasks(prisma: PrismaClient): Promise<WaitingVersion[]> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<(Omit<WaitingVersion, "waitingSince"> & { since: Date | null })[]>`
      SELECT task.version, build, count(*) FILTER (WHERE status = 'queued')::int AS waiting, min(created_at) FILTER (WHERE status = 'queued') AS since FROM task JOIN agent_version ON agent_version.name = task.version
      WHERE status IN ('queued', 'running') AND task.version IS NOT NULL GROUP BY task.version, build ORDER BY task.version`,
  );
  return rows.map(({ since, ...row }) => ({ ...row, waitingSince: since?.toISOString() ?? null }));
}

/** A task that waits for a version whose build no worker serves. */
export type UnservedTask = { id: string; version: string; build: string };

/**
 * A filter for unserved tasks: of builds other than `exceptBuild`, not
 * served since `before`, and without an attempt under way since `heldSince`.
 */
export type UnservedSince = { before: Date; heldSince: Date; exceptBuild: string };

/**
 * Up to `rowsMax` unfinished tasks that have waited since before a time, and were requeued no later, for versions of
 * builds without a worker since then; oldest first, without those whose queue is paused or that a worker may still hold.
 */
export async function listUnservedTasks(
  prisma: PrismaClient,
  { before, heldSince, exceptBuild }: UnservedSince,
  rowsMax: number,
): Promise<UnservedTask[]> {
  return askStateStore(
    () => prisma.$queryRaw<UnservedTask[]>`
      SELECT task.id, task.version, asked.build FROM task JOIN agent_version AS asked ON asked.name = task.version
      WHERE status IN ('queued', 'running') AND created_at < ${before} AND asked.build <> ${exceptBuild} AND NOT ${IS_PAUSED}
        AND NOT EXISTS (SELECT FROM agent_version AS served WHERE served.build = asked.build AND GREATEST(served.seen_at, served.registered_at) >= ${before})
        AND NOT EXISTS (SELECT FROM dead_letter WHERE dead_letter.task_id = task.id AND redriven_at >= ${before})
        AND NOT EXISTS (SELECT FROM attempt WHERE attempt.task_id = task.id AND outcome IS NULL AND started_at >= ${heldSince})
      ORDER BY created_at, task.id LIMIT ${rowsMax}`,
  );
}
