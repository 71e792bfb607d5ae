import type { DeadLetterCause } from "@signalbox/model";
import type { PrismaClient } from "./generated/client.ts";

/** Where tasks are: how many are finished in either way, how many are not, and how many there are none of. */
export type TaskAudit = { done: number; dead: number; unfinished: number; missing: number; otherEffects: number };

/** So many tasks are asked for in one statement. */
const PAGE = 5_000;

/**
 * Looks up what became of the tasks of `ids`. `otherEffects` counts those that left other than one effect for each tool call of their journal: a call that
 * happened twice, or one that is on record and never happened.
 */
export async function auditTasks(prisma: PrismaClient, ids: readonly string[]): Promise<TaskAudit> {
  const audit: TaskAudit = { done: 0, dead: 0, unfinished: 0, missing: 0, otherEffects: 0 };
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = ids.slice(from, from + PAGE);
    const [row] = await prisma.$queryRaw<{ done: number; dead: number; found: number; others: number }[]>`
      SELECT count(*) FILTER (WHERE status = 'done')::int AS done, count(*) FILTER (WHERE status = 'dead')::int AS dead, count(*)::int AS found,
        count(*) FILTER (WHERE status = 'done'
          AND (SELECT count(*) FROM tool_effect WHERE tool_effect.world = task.world AND overlay = task.id::text)
            <> (SELECT count(*) FROM step WHERE task_id = task.id AND kind = 'tool'))::int AS others
      FROM task WHERE id = ANY(${page}::uuid[])`;
    if (row === undefined) throw new TypeError("PostgreSQL counted nothing");
    audit.done += row.done;
    audit.dead += row.dead;
    audit.unfinished += row.found - row.done - row.dead;
    audit.missing += page.length - row.found;
    audit.otherEffects += row.others;
  }
  return audit;
}

/** How many tasks are neither done nor dead. */
export async function countOpenTasks(prisma: PrismaClient): Promise<number> {
  const [row] = await prisma.$queryRaw<{ tasks: number }[]>`SELECT count(*)::int AS tasks FROM task WHERE status IN ('queued', 'running')`;
  return row?.tasks ?? 0;
}

/** An attempt whose worker was gone before it ended, and when its task was started again. */
export type Loss = { worker: string; redeliveredAt: Date };

/** The attempts that were lost and followed by another. */
export async function listLosses(prisma: PrismaClient): Promise<Loss[]> {
  return prisma.$queryRaw<Loss[]>`
    SELECT lost.worker, next.started_at AS "redeliveredAt"
    FROM attempt AS lost JOIN attempt AS next ON next.task_id = lost.task_id AND next.attempt = lost.attempt + 1 WHERE lost.outcome = 'lost'`;
}

/** The tasks that were given up for a cause. */
export async function listGivenUp(prisma: PrismaClient, cause: DeadLetterCause): Promise<string[]> {
  const letters = await prisma.deadLetter.findMany({ where: { cause }, select: { taskId: true } });
  return letters.flatMap(({ taskId }) => taskId ?? []);
}
