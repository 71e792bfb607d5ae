import { Evaluation, Expectation, TaskRequest, TaskResult } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";

/** A finished task with an expectation and without an evaluation. `result` is null when it died without one. */
export type Evaluable = {
  taskId: string;
  project: string;
  domain: string;
  world: string;
  traceId: string;
  expectation: Expectation;
  result: TaskResult | null;
  finishedAt: Date;
};

/** Up to `rowsMax` tasks that wait for their evaluation, earliest finished first. */
export async function listEvaluable(prisma: PrismaClient, rowsMax: number): Promise<Evaluable[]> {
  const rows = await prisma.task.findMany({
    where: { hasExpectation: true, status: { in: ["done", "dead"] }, evaluation: null },
    orderBy: [{ finishedUs: "asc" }, { id: "asc" }],
    take: rowsMax,
  });
  return rows.map((row) => {
    const { domain, expectation } = TaskRequest.parse(row.request);
    return {
      taskId: row.id,
      project: row.project,
      domain,
      world: row.world,
      traceId: row.traceId,
      expectation: Expectation.parse(expectation),
      result: row.result === null ? null : TaskResult.parse(row.result),
      finishedAt: new Date(Math.floor(Number(row.finishedUs) / 1_000)),
    };
  });
}

/**
 * Stores the evaluation of a task that finished at `finishedAt`; the first one stays. Nothing is stored
 * once the task runs again: the evaluation is of the earlier run, and the task will be due again.
 */
export async function storeEvaluation(
  prisma: PrismaClient,
  evaluation: Evaluation,
  at: { finishedAt: Date; evaluatedAt: Date },
): Promise<void> {
  const { taskId, reward, dataMatches, outputsMatch, dataHash } = evaluation;
  await prisma.$executeRaw`
    INSERT INTO evaluation (task_id, reward, data_matches, outputs_match, data_hash, evaluated_at)
    SELECT id, ${reward}, ${dataMatches}, ${outputsMatch}, ${dataHash}, ${at.evaluatedAt}
    FROM task WHERE id = ${taskId}::uuid AND finished_us / 1000 = ${at.finishedAt.getTime()}::bigint
    ON CONFLICT (task_id) DO NOTHING`;
}

/** The existing evaluations of `taskIds`, in any order. */
export async function listEvaluations(prisma: PrismaClient, taskIds: readonly string[]): Promise<Evaluation[]> {
  const rows = await prisma.evaluationRow.findMany({ where: { taskId: { in: [...taskIds] } } });
  return rows.map(({ taskId, reward, dataMatches, outputsMatch, dataHash }) =>
    Evaluation.parse({ taskId, reward, dataMatches, outputsMatch, dataHash }),
  );
}
