import { type ChainHead, DeadLetter, type Decision } from "@signalbox/model";
import { insertDecisions } from "./decisionStore.ts";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { oweTelemetry } from "./outboxStore.ts";

/** A dead task as the decision to replay it must know it. */
export type DeadTask = { id: string; project: string; traceId: string; attempts: number; head: ChainHead; finishedUs: number };

/** What came of a redrive; `already` means that an earlier call had done it. */
export type Redrive = { kind: "redriven" | "already"; taskId: string } | { kind: "missing" };

type LockedLetter = Omit<DeadTask, "head" | "finishedUs"> & {
  redrivenAt: Date | null;
  headSeq: number;
  headHash: string;
  finishedUs: bigint;
};

/** Part of a statement, the `index`th of its kind: writes a dead letter if the statement's `fence` names its task. */
export function insertDeadLetter(letter: DeadLetter, index: number): Prisma.Sql {
  return Prisma.sql`${Prisma.raw(`buried_${index}`)} AS (
    INSERT INTO dead_letter (id, task_id, run, project, cause, fingerprint, message, payload, attempts, decision_seq, decision_hash, trace_id, versions, first_failed_at, last_failed_at)
    SELECT ${letter.id}::uuid, id, ${letter.run}, ${letter.project}, ${letter.cause}, ${letter.fingerprint}, ${letter.message},
      ${JSON.stringify(letter.payload)}::json, ${JSON.stringify(letter.attempts)}::json, ${letter.decisionHead.seq}, ${letter.decisionHead.hash},
      ${letter.traceId}, ${letter.versions}, ${letter.firstFailedAt}::timestamptz, ${letter.lastFailedAt}::timestamptz
    FROM fence WHERE id = ${letter.taskId}::uuid
  )`;
}

/** The dead letters of a task, one per run, oldest first. */
export async function listDeadLetters(prisma: PrismaClient, taskId: string): Promise<DeadLetter[]> {
  const rows = await prisma.deadLetter.findMany({ where: { taskId }, orderBy: { run: "asc" } });
  return rows.map(({ decisionSeq, decisionHash, redrivenAt: _, discardedAt: __, discardedBy: ___, discardReason: ____, ...row }) =>
    DeadLetter.parse({
      ...row,
      decisionHead: { seq: decisionSeq, hash: decisionHash },
      firstFailedAt: row.firstFailedAt.toISOString(),
      lastFailedAt: row.lastFailedAt.toISOString(),
    }),
  );
}

/**
 * Puts the task of a dead letter back to `queued` with a new budget of attempts, and the decision that `replay` makes of it on record,
 * all or nothing. Its journal stays: what was finished is not done again. Its evaluation goes, because it was of the run that died.
 */
export async function redriveDeadLetter(
  prisma: PrismaClient,
  id: string,
  now: Date,
  replay: (task: DeadTask) => Decision,
): Promise<Redrive> {
  return prisma.$transaction(async (transaction) => {
    const [letter] = await transaction.$queryRaw<LockedLetter[]>`
      SELECT task.id, task.project, task.trace_id AS "traceId", task.attempts, task.head_seq AS "headSeq", task.head_hash AS "headHash",
        task.finished_us AS "finishedUs", dead_letter.redriven_at AS "redrivenAt"
      FROM dead_letter JOIN task ON task.id = dead_letter.task_id WHERE dead_letter.id = ${id}::uuid FOR UPDATE`;
    if (letter === undefined) return { kind: "missing" };
    if (letter.redrivenAt !== null) return { kind: "already", taskId: letter.id };

    const { headSeq, headHash, finishedUs } = letter;
    const replayed = replay({ ...letter, head: { seq: headSeq, hash: headHash }, finishedUs: Number(finishedUs) });
    await transaction.$executeRaw`
      WITH fence AS (
        UPDATE task SET status = 'queued', run = run + 1, result = NULL, error = NULL, finished_us = NULL, head_seq = ${replayed.seq}, head_hash = ${replayed.hash}
        WHERE id = ${letter.id}::uuid RETURNING id
      ), ${insertDecisions([replayed])}, ${oweTelemetry([{ taskId: letter.id, decisions: [replayed.seq], spans: [] }])}
      UPDATE dead_letter SET redriven_at = ${now} WHERE id = ${id}::uuid`;
    await transaction.evaluationRow.deleteMany({ where: { taskId: letter.id } });
    return { kind: "redriven", taskId: letter.id };
  });
}
