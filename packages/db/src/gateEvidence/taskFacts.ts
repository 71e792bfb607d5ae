import type { PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/**
 * The time when a task was first dead-lettered, and when an attempt at it first failed or died with its worker (milliseconds; null: never).
 */
export interface TaskFailures {
  readonly deadAt: number | null;
  readonly failedAt: number | null;
}

/** A task's reward against its expectation (1 or 0), and the time it was known (milliseconds). */
export interface TaskReward {
  readonly reward: number;
  readonly at: number;
}

/** The failures of the given tasks; tasks without any are missing. */
export async function readTaskFailures(prisma: PrismaClient, taskIds: readonly string[]): Promise<Map<string, TaskFailures>> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<(TaskFailures & { id: string })[]>`
    SELECT id::text AS id, (extract(epoch FROM min(dead)) * 1000)::float8 AS "deadAt", (extract(epoch FROM min(failed)) * 1000)::float8 AS "failedAt"
    FROM (
      SELECT task_id AS id, last_failed_at AS dead, NULL::timestamptz AS failed FROM dead_letter WHERE task_id = ANY(${[...taskIds]}::uuid[])
      UNION ALL
      SELECT task_id, NULL, ended_at FROM attempt WHERE task_id = ANY(${[...taskIds]}::uuid[]) AND outcome IN ('failed', 'lost')
    ) AS failure GROUP BY id`,
  );
  return new Map(rows.map(({ id, ...failures }) => [id, failures]));
}

/** The evaluations of the given tasks; tasks without one are missing. */
export async function readTaskRewards(prisma: PrismaClient, taskIds: readonly string[]): Promise<Map<string, TaskReward>> {
  const rows = await askStateStore(() =>
    prisma.evaluationRow.findMany({
      where: { taskId: { in: [...taskIds] } },
      select: { taskId: true, reward: true, evaluatedAt: true },
    }),
  );
  return new Map(rows.map(({ taskId, reward, evaluatedAt }) => [taskId, { reward, at: evaluatedAt.getTime() }]));
}
