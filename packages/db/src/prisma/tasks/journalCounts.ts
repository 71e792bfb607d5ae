import type { PrismaClient } from "../generated/client.ts";

/**
 * How much a task has on record: what its trace and its decision log must hold once all
 * of it was relayed. The task itself is a span too; the customer's own words are none.
 */
export type JournalCounts = { taskId: string; traceId: string; spans: number; decisions: number };

/** The counts of the tasks of `taskIds` that exist, in no order. */
export async function countJournal(prisma: PrismaClient, taskIds: readonly string[]): Promise<JournalCounts[]> {
  return prisma.$queryRaw<JournalCounts[]>`
    SELECT id AS "taskId", trace_id AS "traceId", head_seq + 1 AS decisions,
      (SELECT count(*)::int + 1 FROM step WHERE step.task_id = task.id AND step.kind <> 'user') AS spans
    FROM task WHERE id = ANY(${[...taskIds]}::uuid[])`;
}
