import { DEFAULT_PROJECT } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";

/** Places in a task's journal that telemetry is owed of: decisions by their seq, spans by their step (0 is the task itself). */
export type Places = { decisions: readonly number[]; spans: readonly number[] };

/** Telemetry that is still owed of a task: what one write added to its journal. */
export type OwedTelemetry = Places & { id: bigint; taskId: string; project: string };

/**
 * What came of trying to deliver a row of the outbox: all of it `delivered`,
 * or what was `refused` for good; a row in neither list is tried again.
 */
export type Delivery = { delivered: readonly bigint[]; refused: readonly (Places & { id: bigint; reason: string })[] };

/** A list of whole numbers as PostgreSQL writes an array: in an array of arrays all would have to be of one length. */
function arrayText(numbers: readonly number[]): string {
  return `{${numbers.join(",")}}`;
}

/** Part of a statement: notes down what is to be told of those tasks that the statement's `fence` names. */
export function insertOutbox(owed: readonly (Places & { taskId: string })[]): Prisma.Sql {
  const telling = owed.filter(({ decisions, spans }) => decisions.length + spans.length > 0);
  return Prisma.sql`owed AS (
    INSERT INTO outbox (task_id, decisions, spans)
    SELECT o.task_id, o.decisions::integer[], o.spans::integer[]
    FROM unnest(
      ${telling.map(({ taskId }) => taskId)}::uuid[], ${telling.map(({ decisions }) => arrayText(decisions))}::text[],
      ${telling.map(({ spans }) => arrayText(spans))}::text[]
    ) AS o (task_id, decisions, spans)
    JOIN fence ON fence.id = o.task_id
  )`;
}

/**
 * Takes up to `rowsMax` owed rows that nobody else is delivering, hands them to `deliver` and deletes those that it delivered, in one
 * transaction: a crash or a throw in between leaves them owed. Rows are taken wherever they are, not after a last id, because ids become
 * visible out of order. Returns how many rows were taken; `deliver` has `timeoutMs`.
 */
export async function deliverOutbox(
  prisma: PrismaClient,
  limits: { rowsMax: number; timeoutMs: number },
  deliver: (owed: OwedTelemetry[]) => Promise<Delivery>,
): Promise<number> {
  return prisma.$transaction(
    async (transaction) => {
      const owed = await transaction.$queryRaw<OwedTelemetry[]>`
        SELECT id, task_id AS "taskId", decisions, spans,
          COALESCE((SELECT project FROM task WHERE task.id = outbox.task_id), ${DEFAULT_PROJECT}) AS project
        FROM outbox
        WHERE refused_reason IS NULL ORDER BY id LIMIT ${limits.rowsMax} FOR UPDATE SKIP LOCKED`;
      if (owed.length === 0) return 0;
      const { delivered, refused } = await deliver(owed);
      await transaction.outbox.deleteMany({ where: { id: { in: [...delivered] } } });
      for (const { id, reason, decisions, spans } of refused)
        await transaction.outbox.update({ where: { id }, data: { refusedReason: reason, decisions: [...decisions], spans: [...spans] } });
      return owed.length;
    },
    { timeout: limits.timeoutMs, maxWait: limits.timeoutMs },
  );
}

/** How many rows wait for the collector, and how many it refused for good. */
export async function countOutbox(prisma: PrismaClient): Promise<{ waiting: number; refused: number }> {
  const waiting = await prisma.outbox.count({ where: { refusedReason: null } });
  const refused = await prisma.outbox.count({ where: { refusedReason: { not: null } } });
  return { waiting, refused };
}
