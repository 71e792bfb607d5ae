import type { DeadLetterCause } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";

/**
 * A summary of tasks: how many are done, dead, done or dead after a redrive, unfinished, and
 * missing. Violations: tasks whose effects differ from their journal (their ids), tasks without
 * exactly one ending, and tasks whose chain of decisions has another head than their row.
 */
export type TaskAudit = Record<"done" | "dead" | "redriven" | "unfinished" | "missing" | "otherEndings" | "otherHeads", number> & {
  otherEffects: string[];
};

/** The number of tasks per statement. */
const PAGE = 5_000;

/**
 * Audits the tasks of `ids`. A finished task has one effect for each tool call of its journal: a surplus is a call that happened
 * twice, a deficit one that is on record and never happened. A dead task may have one more, for the call it died in. Each task
 * ended once, by one attempt or with one letter; each earlier run, after which a redrive followed, ended with one letter.
 */
export async function auditTasks(prisma: PrismaClient, ids: readonly string[]): Promise<TaskAudit> {
  const audit: TaskAudit = { done: 0, dead: 0, redriven: 0, unfinished: 0, missing: 0, otherEffects: [], otherEndings: 0, otherHeads: 0 };
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = ids.slice(from, from + PAGE);
    const [row] = await prisma.$queryRaw<(Omit<TaskAudit, "unfinished" | "missing"> & { found: number })[]>`
      SELECT count(*) FILTER (WHERE status = 'done')::int AS done, count(*) FILTER (WHERE status = 'dead')::int AS dead, count(*) FILTER (WHERE run > 1)::int AS redriven, count(*)::int AS found,
        COALESCE(array_agg(id::text) FILTER (WHERE status = 'done' AND effects <> calls OR status = 'dead' AND effects NOT IN (calls, calls + 1)), '{}') AS "otherEffects",
        count(*) FILTER (WHERE dones <> (status = 'done')::int OR letters <> run - 1 + (status = 'dead')::int)::int AS "otherEndings",
        count(*) FILTER (WHERE last_hash IS DISTINCT FROM head_hash)::int AS "otherHeads"
      FROM task CROSS JOIN LATERAL (
        SELECT (SELECT count(*) FROM tool_effect WHERE tool_effect.world = task.world AND overlay = task.id::text) AS effects,
          (SELECT count(*) FROM step WHERE task_id = task.id AND kind = 'tool') AS calls,
          (SELECT count(*) FROM attempt WHERE task_id = task.id AND attempt.run = task.run AND outcome = 'done') AS dones,
          (SELECT count(*) FROM dead_letter WHERE task_id = task.id AND dead_letter.run <= task.run) AS letters,
          (SELECT hash FROM decision WHERE task_id = task.id ORDER BY seq DESC LIMIT 1) AS last_hash
      ) AS counted WHERE id = ANY(${page}::uuid[])`;
    if (row === undefined) throw new TypeError("PostgreSQL counted nothing");
    audit.done += row.done;
    audit.dead += row.dead;
    audit.redriven += row.redriven;
    audit.unfinished += row.found - row.done - row.dead;
    audit.missing += page.length - row.found;
    audit.otherEffects.push(...row.otherEffects);
    audit.otherEndings += row.otherEndings;
    audit.otherHeads += row.otherHeads;
  }
  return audit;
}

/** The dead letter that a task ended with: its cause, and the message of the request. */
export type LastLetter = { taskId: string; cause: DeadLetterCause; message: string };

/** The dead letters of the last runs of those tasks that are dead. */
export async function listLastLetters(prisma: PrismaClient, ids: readonly string[]): Promise<LastLetter[]> {
  return prisma.$queryRaw<LastLetter[]>`
    SELECT task.id AS "taskId", cause, payload ->> 'message' AS message
    FROM task JOIN dead_letter ON dead_letter.task_id = task.id AND dead_letter.run = task.run
    WHERE task.id = ANY(${[...ids]}::uuid[]) AND task.status = 'dead'`;
}

/** The number of tasks that are neither done nor dead. */
export async function countOpenTasks(prisma: PrismaClient): Promise<number> {
  const [row] = await prisma.$queryRaw<{ tasks: number }[]>`SELECT count(*)::int AS tasks FROM task WHERE status IN ('queued', 'running')`;
  return row?.tasks ?? 0;
}

/** The number of tasks that were admitted under an idempotency key. */
export async function countKeyedTasks(prisma: PrismaClient): Promise<number> {
  return prisma.task.count({ where: { idempotencyKey: { not: null } } });
}

/**
 * A lost attempt, whose worker was gone before it ended: when its task was
 * given to another worker (`noticedAt`), and when that one started it again.
 */
export type Loss = { worker: string; noticedAt: Date; redeliveredAt: Date };

/** The attempts that were lost and followed by another. */
export async function listLosses(prisma: PrismaClient): Promise<Loss[]> {
  return prisma.$queryRaw<Loss[]>`
    SELECT lost.worker, lost.ended_at AS "noticedAt", next.started_at AS "redeliveredAt"
    FROM attempt AS lost JOIN attempt AS next ON next.task_id = lost.task_id AND next.attempt = lost.attempt + 1 WHERE lost.outcome = 'lost'`;
}

/** An attempt by its worker: `outcome` is null until it has ended, as far as anybody knows. */
export type AttemptAt = { worker: string; outcome: string | null; isAlone: boolean };

/** The attempts at a task, oldest first. */
export async function listAttemptsAt(prisma: PrismaClient, taskId: string): Promise<AttemptAt[]> {
  return prisma.attempt.findMany({
    where: { taskId },
    select: { worker: true, outcome: true, isAlone: true },
    orderBy: { attempt: "asc" },
  });
}

/** The tasks that were dead-lettered for a cause. */
export async function listGivenUp(prisma: PrismaClient, cause: DeadLetterCause): Promise<string[]> {
  const letters = await prisma.deadLetter.findMany({ where: { cause }, select: { taskId: true } });
  return letters.flatMap(({ taskId }) => taskId ?? []);
}
