import { DEFAULT_PROJECT } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";

/** Places in a task's journal whose telemetry is still to be sent: decisions by their seq, spans by their step (0 is the task itself). */
export type Places = { decisions: readonly number[]; spans: readonly number[] };

/** An outbox row: telemetry that is still to be sent for what one write added to a task's journal. */
export type OwedTelemetry = Places & { id: bigint; taskId: string; project: string };

/** The result of delivering outbox rows: `delivered` completely, or partly `refused` for good; a row in neither list is retried. */
export type Delivery = { delivered: readonly bigint[]; refused: readonly (Places & { id: bigint; reason: string })[] };

/** A list of whole numbers as a PostgreSQL array literal: in an array of arrays, all would need the same length. */
function arrayText(numbers: readonly number[]): string {
  return `{${numbers.join(",")}}`;
}

/** The part of a statement that adds outbox rows for those tasks that are in the statement's `fence`. */
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
 * Takes up to `rowsMax` outbox rows that nobody else is delivering, passes them to `deliver` and deletes the delivered
 * ones, in one transaction: a crash or a throw in between leaves them in place. Rows are not taken by increasing id,
 * because ids become visible out of order. Returns the number of rows taken; `deliver` has `timeoutMs`.
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

/** The number of rows that wait for the collector, and of those it refused for good. */
export async function countOutbox(prisma: PrismaClient): Promise<{ waiting: number; refused: number }> {
  const waiting = await prisma.outbox.count({ where: { refusedReason: null } });
  const refused = await prisma.outbox.count({ where: { refusedReason: { not: null } } });
  return { waiting, refused };
}
