import type { Lane } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { IS_PAUSED } from "./pauseStore.ts";

/** Tasks in a worker's hand, by project: started, and neither ended nor lost. */
const atWork = (isAsked: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT task.project, count(*)::int AS tasks FROM task JOIN attempt ON attempt.task_id = task.id AND attempt.attempt = task.attempts
  WHERE task.status = 'running' AND attempt.outcome IS NULL AND ${isAsked} GROUP BY task.project`;

/** Whoever starts tasks under a limit does it while nobody else does: both would count what is at work without the other's. */
export const LIMITED_CLAIMS_LOCK: Prisma.Sql = Prisma.sql`SELECT pg_advisory_xact_lock(hashtext('limited_claims'))::text`;

/**
 * Of the tasks `asked` (id), each a row of `task` to which `isStartable` applies, those (`within`) for which their
 * project has room: no more than `runningMax` of it are at work. One that is at work itself takes its own place again.
 */
export const withinLimit = (runningMax: number, isStartable: Prisma.Sql): Prisma.Sql => Prisma.sql`
  at_work AS (${atWork(Prisma.sql`project IN (SELECT project FROM task JOIN asked USING (id)) AND task.id NOT IN (SELECT id FROM asked)`)}),
  in_line AS (
    SELECT task.id, task.project, row_number() OVER (PARTITION BY task.project ORDER BY task.created_at, task.id) AS place
    FROM task JOIN asked ON asked.id = task.id WHERE ${isStartable}
  ), within AS (
    SELECT in_line.id FROM in_line LEFT JOIN at_work USING (project) WHERE place + COALESCE(tasks, 0) <= ${runningMax}
  )`;

/** A task that is next of its project. Workers of its `build` alone may take it (null: any may). */
export type NextTask = { id: string; lane: Lane; build: string | null };

/**
 * The tasks of a project that may start now: as many as it has places free of `runningMax`, what somebody waits for first,
 * then as they came; of those that wait for a version, those of `build` alone. `isMore` says that others wait behind them.
 */
export async function listNextTasks(
  prisma: PrismaClient,
  { project, build, runningMax }: { project: string; build: string; runningMax: number },
): Promise<{ tasks: NextTask[]; isMore: boolean }> {
  const next = (lane: Lane, limit: Prisma.Sql): Prisma.Sql => Prisma.sql`
    (SELECT task.id, task.lane, build FROM task LEFT JOIN agent_version ON agent_version.name = task.version
    WHERE project = ${project} AND status = 'queued' AND lane = ${lane} AND (task.version IS NULL OR build = ${build}) AND NOT ${IS_PAUSED}
    ORDER BY created_at, id LIMIT ${limit})`;
  const rows = await askStateStore(
    () => prisma.$queryRaw<(NextTask & { free: number })[]>`
    WITH places AS (SELECT GREATEST(0, ${runningMax} - COALESCE((SELECT tasks FROM (${atWork(Prisma.sql`project = ${project}`)}) AS busy), 0)) AS free),
    next AS (${next("interactive", Prisma.sql`(SELECT free + 1 FROM places)`)} UNION ALL ${next("batch", Prisma.sql`(SELECT free + 1 FROM places)`)})
    SELECT next.id, next.lane, next.build, free FROM next, places`,
  );
  const free = rows[0]?.free ?? 0;
  return { tasks: rows.slice(0, free).map(({ id, lane, build }) => ({ id, lane, build })), isMore: rows.length > free };
}

/** A project that has as many tasks at work as it may, and others that wait. */
export type HeldProject = { project: string; running: number; waiting: number };

/** The projects that have `runningMax` tasks at work, and others that wait for a place; of `project` alone where one is named. */
export async function listHeldProjects(prisma: PrismaClient, runningMax: number, project?: string): Promise<HeldProject[]> {
  const isAsked = project === undefined ? Prisma.sql`true` : Prisma.sql`project = ${project}`;
  return askStateStore(
    () => prisma.$queryRaw<HeldProject[]>`
    WITH busy AS (${atWork(isAsked)})
    SELECT project, tasks AS running, count(*)::int AS waiting FROM busy JOIN task USING (project)
    WHERE tasks >= ${runningMax} AND status = 'queued' GROUP BY project, tasks ORDER BY project`,
  );
}
