import type { PrismaClient } from "../generated/client.ts";

/**
 * The size of a task's record: the numbers of spans and decisions that its trace must hold once
 * everything was relayed. The task itself is a span too; the customer's own words are not.
 */
export type JournalCounts = { taskId: string; traceId: string; spans: number; decisions: number };

/** The counts of those tasks of `taskIds` that exist, in any order. */
export async function countJournal(prisma: PrismaClient, taskIds: readonly string[]): Promise<JournalCounts[]> {
  return prisma.$queryRaw<JournalCounts[]>`
    SELECT id AS "taskId", trace_id AS "traceId", head_seq + 1 AS decisions,
      (SELECT count(*)::int + 1 FROM step WHERE step.task_id = task.id AND step.kind <> 'user') AS spans
    FROM task WHERE id = ANY(${[...taskIds]}::uuid[])`;
}
