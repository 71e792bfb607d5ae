import { type Lane, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { IS_PAUSED } from "./pauseStore.ts";

/** Whether some worker serves a row of `task`'s `agent_version`: otherwise it would hold a place that nobody fills. */
const IS_SERVED: Prisma.Sql = Prisma.sql`(task.version IS NULL OR EXISTS (SELECT FROM agent_version AS served
  WHERE served.build = agent_version.build AND served.seen_at > now() - ${WORKER_GONE_AFTER_MS}::float8 * interval '1 millisecond'))`;

/**
 * Tasks in workers' hands, by project: started, and neither ended nor lost;
 * without tasks whose workers are all gone, which nobody reports as lost.
 */
const atWork = (isAsked: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT task.project, count(*)::int AS tasks FROM task JOIN attempt ON attempt.task_id = task.id AND attempt.attempt = task.attempts
    LEFT JOIN agent_version ON agent_version.name = task.version
  WHERE task.status = 'running' AND attempt.outcome IS NULL AND ${isAsked} AND ${IS_SERVED} GROUP BY task.project`;

/** The number of tasks in workers' hands, of a `project` or of all. */
export async function countAtWork(prisma: PrismaClient, project?: string): Promise<number> {
  const isAsked = project === undefined ? Prisma.sql`true` : Prisma.sql`project = ${project}`;
  const rows = await askStateStore(() => prisma.$queryRaw<{ tasks: number }[]>(atWork(isAsked)));
  return rows.reduce((sum, { tasks }) => sum + tasks, 0);
}

/** Serialises claims under a limit: concurrent ones would each count the tasks at work without the other's. */
export const LIMITED_CLAIMS_LOCK: Prisma.Sql = Prisma.sql`SELECT pg_advisory_xact_lock(hashtext('limited_claims'))::text`;

/**
 * Ends the claim of a client that went silent, which would block all others. A claim that waits for another has
 * more time, so that it outlasts that one. To be set before the lock is requested, in the same transaction.
 */
export const LIMITED_CLAIMS_PATIENCE: Prisma.Sql = Prisma.sql`
  SELECT set_config('idle_in_transaction_session_timeout', '5s', true), set_config('lock_timeout', '10s', true)`;

/**
 * Those of the tasks `asked` (id) that `isStartable` applies to and that have room in their project
 * (`within`): at most `runningMax` of it are at work. A task that is itself at work takes its own place again.
 */
export const withinLimit = (runningMax: number, isStartable: Prisma.Sql): Prisma.Sql => Prisma.sql`
  at_work AS (${atWork(Prisma.sql`project IN (SELECT project FROM task JOIN asked USING (id)) AND task.id NOT IN (SELECT id FROM asked)`)}),
  in_line AS (
    SELECT task.id, task.project, row_number() OVER (PARTITION BY task.project ORDER BY task.created_at, task.id) AS place
    FROM task JOIN asked ON asked.id = task.id WHERE ${isStartable}
  ), within AS (
    SELECT in_line.id FROM in_line LEFT JOIN at_work USING (project) WHERE place + COALESCE(tasks, 0) <= ${runningMax}
  )`;

/** A condition on the last attempt at a row of `task`. */
const hasLastAttempt = (is: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM attempt WHERE attempt.task_id = task.id AND attempt.attempt = task.attempts AND ${is})`;

/** Whether a row of `task` was started and is in no worker's hands: its worker died, or was taken for dead. */
const IS_LEFT: Prisma.Sql = Prisma.sql`(task.status = 'running' AND ${hasLastAttempt(Prisma.sql`attempt.outcome IS NOT NULL`)})`;

/** Whether a row of `task` waits for a free place of its project. */
export const WAITS_FOR_PLACE: Prisma.Sql = Prisma.sql`(task.status = 'queued' OR ${IS_LEFT})`;

/** Whether a row of `task` has just failed. It still has its job, which becomes due by itself when the task may be retried. */
const IS_RESTING: Prisma.Sql = hasLastAttempt(
  Prisma.sql`attempt.outcome = 'failed' AND attempt.ended_at + attempt.backoff_ms * interval '1 millisecond' > now()`,
);

/** A task that is next in its project. Only workers of its `build` may take it (null: any). */
export type NextTask = { id: string; lane: Lane; build: string | null };

/**
 * The tasks of a project that may start now, as many as `runningMax` leaves places: first those that lost
 * their worker, then interactive ones, each in the order of arrival. `isMore`: others wait after them.
 */
export async function listNextTasks(
  prisma: PrismaClient,
  { project, runningMax }: { project: string; runningMax: number },
): Promise<{ tasks: NextTask[]; isMore: boolean }> {
  const next = (turn: number, isOfTurn: Prisma.Sql): Prisma.Sql => Prisma.sql`
    (SELECT task.id, task.lane, build, created_at, ${turn}::int AS turn FROM task LEFT JOIN agent_version ON agent_version.name = task.version
    WHERE project = ${project} AND ${isOfTurn} AND ${IS_SERVED} AND NOT ${IS_PAUSED} ORDER BY created_at, task.id LIMIT (SELECT free + 1 FROM places))`;
  const queuedIn = (lane: Lane): Prisma.Sql => Prisma.sql`status = 'queued' AND lane = ${lane} AND NOT ${IS_RESTING}`;
  const rows = await askStateStore(
    () => prisma.$queryRaw<(NextTask & { free: number })[]>`
    WITH places AS (SELECT GREATEST(0, ${runningMax} - COALESCE((SELECT tasks FROM (${atWork(Prisma.sql`project = ${project}`)}) AS busy), 0)) AS free),
    next AS (${next(0, IS_LEFT)} UNION ALL ${next(1, queuedIn("interactive"))} UNION ALL ${next(2, queuedIn("batch"))})
    SELECT next.id, next.lane, next.build, free FROM next, places ORDER BY turn, created_at, next.id`,
  );
  const free = rows[0]?.free ?? 0;
  return { tasks: rows.slice(0, free).map(({ id, lane, build }) => ({ id, lane, build })), isMore: rows.length > free };
}

/** A project at its limit of running tasks, with others waiting. */
export type HeldProject = { project: string; running: number; waiting: number };

/** The projects with `runningMax` tasks at work and others that wait for a place. */
export async function listHeldProjects(prisma: PrismaClient, runningMax: number): Promise<HeldProject[]> {
  return askStateStore(
    () => prisma.$queryRaw<HeldProject[]>`
    WITH busy AS (${atWork(Prisma.sql`true`)})
    SELECT project, tasks AS running, count(*)::int AS waiting FROM busy JOIN task USING (project)
    WHERE tasks >= ${runningMax} AND status = 'queued' GROUP BY project, tasks ORDER BY project`,
  );
}
