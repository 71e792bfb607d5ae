import { TaskLetter } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** The part of a statement, the `index`th of its kind, that writes a task's dead letter if the statement's `fence` contains its task. */
export function insertDeadLetter(letter: TaskLetter, index: number): Prisma.Sql {
  return Prisma.sql`${Prisma.raw(`dead_lettered_${index}`)} AS (
    INSERT INTO dead_letter (id, kind, task_id, run, project, cause, service, tool, error_class, error_chain, frame, fingerprint, message, payload, attempts, decision_seq, decision_hash, trace_id, versions, first_failed_at, last_failed_at)
    SELECT ${letter.id}::uuid, ${letter.kind}, id, ${letter.run}, ${letter.project}, ${letter.cause}, ${letter.service}, ${letter.tool}, ${letter.errorClass},
      ${JSON.stringify(letter.errorChain)}::json, ${letter.frame}, ${letter.fingerprint}, ${letter.message},
      ${JSON.stringify(letter.payload)}::json, ${JSON.stringify(letter.attempts)}::json, ${letter.decisionHead.seq}, ${letter.decisionHead.hash},
      ${letter.traceId}, ${letter.versions}, ${letter.firstFailedAt}::timestamptz, ${letter.lastFailedAt}::timestamptz
    FROM fence WHERE id = ${letter.taskId}::uuid
  )`;
}

function taskLetterOf(told: Prisma.DeadLetterGetPayload<object>): TaskLetter {
  const { decisionSeq, decisionHash, minute: _, redrivenAt: __, discardedAt: ___, discardedBy: ____, discardReason: _____, ...row } = told;
  return TaskLetter.parse({
    ...row,
    decisionHead: { seq: decisionSeq, hash: decisionHash },
    firstFailedAt: row.firstFailedAt.toISOString(),
    lastFailedAt: row.lastFailedAt.toISOString(),
  });
}

/** The dead letters of a task, one per run, oldest first. */
export async function listDeadLetters(prisma: PrismaClient, taskId: string): Promise<TaskLetter[]> {
  const rows = await askStateStore(() => prisma.deadLetter.findMany({ where: { taskId }, orderBy: { run: "asc" } }));
  return rows.map(taskLetterOf);
}

/** Up to `rowsMax` letters of a group that are of tasks, whatever became of them, the latest first, and how many there are. */
export async function listGroupLetters(
  prisma: PrismaClient,
  { project, fingerprint }: { project: string; fingerprint: string },
  rowsMax: number,
): Promise<{ letters: TaskLetter[]; total: number }> {
  const where = { project, fingerprint, kind: "task" };
  const orderBy = [{ lastFailedAt: "desc" as const }, { id: "desc" as const }];
  const [rows, total] = await askStateStore(() =>
    Promise.all([prisma.deadLetter.findMany({ where, orderBy, take: rowsMax }), prisma.deadLetter.count({ where })]),
  );
  return { letters: rows.map(taskLetterOf), total };
}
