import { type Lane, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { IS_PAUSED } from "./pauseStore.ts";

/** Whether somebody is there for a row of `task`, of the version `agent_version`: else it would keep a place that nobody fills. */
const IS_SERVED: Prisma.Sql = Prisma.sql`(task.version IS NULL OR EXISTS (SELECT FROM agent_version AS served
  WHERE served.build = agent_version.build AND served.seen_at > now() - ${WORKER_GONE_AFTER_MS}::float8 * interval '1 millisecond'))`;

/**
 * Tasks in a worker's hand, by project: started, and neither ended nor
 * lost; not those whose workers are all gone, which nobody says to be lost.
 */
const atWork = (isAsked: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT task.project, count(*)::int AS tasks FROM task JOIN attempt ON attempt.task_id = task.id AND attempt.attempt = task.attempts
    LEFT JOIN agent_version ON agent_version.name = task.version
  WHERE task.status = 'running' AND attempt.outcome IS NULL AND ${isAsked} AND ${IS_SERVED} GROUP BY task.project`;

/** How many tasks are in a worker's hand: of a `project`, or of all. */
export async function countAtWork(prisma: PrismaClient, project?: string): Promise<number> {
  const isAsked = project === undefined ? Prisma.sql`true` : Prisma.sql`project = ${project}`;
  const rows = await askStateStore(() => prisma.$queryRaw<{ tasks: number }[]>(atWork(isAsked)));
  return rows.reduce((sum, { tasks }) => sum + tasks, 0);
}

/** Whoever starts tasks under a limit does it while nobody else does: both would count what is at work without the other's. */
export const LIMITED_CLAIMS_LOCK: Prisma.Sql = Prisma.sql`SELECT pg_advisory_xact_lock(hashtext('limited_claims'))::text`;

/**
 * Ends a claim whose client went silent, which would keep everybody else's waiting. One that waits for another's has
 * longer than that, so that the others outlast it. To be said before the lock is asked for, in the same transaction.
 */
export const LIMITED_CLAIMS_PATIENCE: Prisma.Sql = Prisma.sql`
  SELECT set_config('idle_in_transaction_session_timeout', '5s', true), set_config('lock_timeout', '10s', true)`;

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

/** What is said of the last attempt at a row of `task`. */
const hasLastAttempt = (is: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM attempt WHERE attempt.task_id = task.id AND attempt.attempt = task.attempts AND ${is})`;

/** Whether a row of `task` was started and is in no worker's hand: its worker died, or was taken for dead. */
const IS_LEFT: Prisma.Sql = Prisma.sql`(task.status = 'running' AND ${hasLastAttempt(Prisma.sql`attempt.outcome IS NOT NULL`)})`;

/** Whether a row of `task` waits for a place of its project to be free: in a project of which more waits than has a place. */
export const WAITS_FOR_PLACE: Prisma.Sql = Prisma.sql`(task.status = 'queued' OR ${IS_LEFT})`;

/** Whether a row of `task` has failed just now. It has its job still, which comes by itself when the task may be tried again. */
const IS_RESTING: Prisma.Sql = hasLastAttempt(
  Prisma.sql`attempt.outcome = 'failed' AND attempt.ended_at + attempt.backoff_ms * interval '1 millisecond' > now()`,
);

/** A task that is next of its project. Workers of its `build` alone may take it (null: any may). */
export type NextTask = { id: string; lane: Lane; build: string | null };

/**
 * The tasks of a project that may start now: as many as it has places free of `runningMax`, those that lost their worker first, then what
 * somebody waits for, each as they came. `isMore` says that others wait behind them.
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

/** A project that has as many tasks at work as it may, and others that wait. */
export type HeldProject = { project: string; running: number; waiting: number };

/** The projects that have `runningMax` tasks at work, and others that wait for a place. */
export async function listHeldProjects(prisma: PrismaClient, runningMax: number): Promise<HeldProject[]> {
  return askStateStore(
    () => prisma.$queryRaw<HeldProject[]>`
    WITH busy AS (${atWork(Prisma.sql`true`)})
    SELECT project, tasks AS running, count(*)::int AS waiting FROM busy JOIN task USING (project)
    WHERE tasks >= ${runningMax} AND status = 'queued' GROUP BY project, tasks ORDER BY project`,
  );
}
