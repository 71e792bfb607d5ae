import { AttemptReport } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/**
 * Earlier attempts of a run that ended silently, so that their process seems to have died: `all` of
 * them, and those that were `alone`, without another task to blame. An attempt does not count as
 * alone if the store restarted meanwhile: then the machine went down, or everything was restarted.
 * `latestMsAgo` is the time since the latest was discovered, in milliseconds by the store's clock; null without any.
 */
export type Deaths = { all: number; alone: number; latestMsAgo: number | null };

/** An attempt of a live worker. `isOver`: it will write nothing more, or nobody waits for it. */
export type HeldAttempt = { taskId: string; attempt: number; isOver: boolean };

/**
 * The condition for an attempt that seems to have died with its process.
 * One from before the store's start may have gone down with the machine.
 */
export const DIED = Prisma.sql`(attempt.outcome = 'lost' OR attempt.outcome IS NULL)`;
/** The condition for such an attempt without another task in its process to blame. */
export const DIED_ALONE = Prisma.sql`(${DIED} AND attempt.is_alone AND attempt.started_at > pg_postmaster_start_time())`;

/** The time by the store's clock, since workers' clocks may differ; not that of the transaction's begin, which may have waited since. */
export const STORE_NOW = Prisma.sql`statement_timestamp()`;

/** The milliseconds since a time by the store's clock. */
export const msAgo = (at: Prisma.Sql): Prisma.Sql => Prisma.sql`(EXTRACT(epoch FROM ${STORE_NOW} - ${at}) * 1000)::double precision`;

/** Clears these attempts of suspicion: those taken for lost, and those that are over without an ending, become released. */
export async function releaseAttempts(prisma: PrismaClient, held: readonly HeldAttempt[]): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
    UPDATE attempt SET outcome = 'released', ended_at = COALESCE(ended_at, now())
    FROM unnest(${held.map(({ taskId }) => taskId)}::uuid[], ${held.map(({ attempt }) => attempt)}::integer[], ${held.map(({ isOver }) => isOver)}::boolean[])
      AS held (task_id, attempt, is_over)
    WHERE attempt.task_id = held.task_id AND attempt.attempt = held.attempt AND (outcome = 'lost' OR (outcome IS NULL AND is_over))`,
  );
}

/** Marks a task's attempts as lost when the task is delivered again: their worker seems to have died. One that lives can still end it. */
export async function loseAttempts(prisma: PrismaClient, taskId: string): Promise<void> {
  await askStateStore(
    () =>
      prisma.$executeRaw`UPDATE attempt SET outcome = 'lost', ended_at = ${STORE_NOW} WHERE task_id = ${taskId}::uuid AND outcome IS NULL`,
  );
}

/** The worker of the latest attempt of a task's run that is known to have died; empty if it has spoken up since. */
export async function lastToDie(prisma: PrismaClient, taskId: string, run: number): Promise<string> {
  const died = { where: { taskId, run, outcome: "lost" }, orderBy: { attempt: "desc" }, select: { worker: true } } as const;
  return (await askStateStore(() => prisma.attempt.findFirst(died)))?.worker ?? "";
}

/** The known deaths of a task's run. */
export async function countDeaths(prisma: PrismaClient, taskId: string, run: number): Promise<Deaths> {
  const [deaths = { all: 0, alone: 0, latestMsAgo: null }] = await askStateStore(
    () => prisma.$queryRaw<Deaths[]>`
    SELECT count(*) FILTER (WHERE outcome = 'lost')::int AS all, count(*) FILTER (WHERE outcome = 'lost' AND ${DIED_ALONE})::int AS alone,
      ${msAgo(Prisma.sql`max(ended_at) FILTER (WHERE outcome = 'lost')`)} AS "latestMsAgo"
    FROM attempt WHERE task_id = ${taskId}::uuid AND run = ${run}`,
  );
  return deaths;
}

/** The versions that served the attempts at several tasks, by task and attempt. */
export async function listServedVersions(prisma: PrismaClient, taskIds: readonly string[]): Promise<Map<string, Map<number, string>>> {
  const rows = await prisma.attempt.findMany({
    where: { taskId: { in: [...taskIds] } },
    select: { taskId: true, attempt: true, version: true },
  });
  const byTask = Map.groupBy(rows, ({ taskId }) => taskId);
  return new Map([...byTask].map(([taskId, attempts]) => [taskId, new Map(attempts.map(({ attempt, version }) => [attempt, version]))]));
}

/** The ended attempts of one run, oldest first, except one that finished the task. */
export async function listEndedAttempts(prisma: PrismaClient, taskId: string, run: number): Promise<AttemptReport[]> {
  const rows = await prisma.attempt.findMany({
    where: { taskId, run, outcome: { in: ["failed", "lost", "released"] } },
    orderBy: { attempt: "asc" },
  });
  return rows.map((row) =>
    AttemptReport.parse({
      attempt: row.attempt,
      worker: row.worker,
      version: row.version,
      startedAt: row.startedAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
      outcome: row.outcome,
      error: row.errorClass === null ? null : { class: row.errorClass, message: row.errorMessage ?? "" },
      isAlone: row.isAlone,
      backoffMs: row.backoffMs,
    }),
  );
}
