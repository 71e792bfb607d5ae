import { Prisma, type PrismaClient } from "./generated/client.ts";

/** Telemetry that is still owed: `position` is a step (0 is the task itself) or a decision's seq. */
export type OwedTelemetry = { id: bigint; kind: "span" | "decision"; taskId: string; position: number };

/** What came of trying to deliver: what is in neither list is tried again. */
export type Delivery = { delivered: readonly bigint[]; refused: readonly { id: bigint; reason: string }[] };

/** Part of a statement: notes down what is to be told of every task that the statement's `fence` has a row of. */
export function oweTelemetry(owed: { decisions: readonly number[]; spans: readonly number[] }): Prisma.Sql {
  const rows = [
    ...owed.decisions.map((position) => ({ kind: "decision", position })),
    ...owed.spans.map((position) => ({ kind: "span", position })),
  ];
  return Prisma.sql`owed AS (
    INSERT INTO outbox (kind, task_id, position)
    SELECT o.kind, fence.id, o.position FROM fence, json_to_recordset(${JSON.stringify(rows)}::json) AS o(kind text, position integer)
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
        SELECT id, kind, task_id AS "taskId", position FROM outbox
        WHERE refused_reason IS NULL ORDER BY id LIMIT ${limits.rowsMax} FOR UPDATE SKIP LOCKED`;
      if (owed.length === 0) return 0;
      const { delivered, refused } = await deliver(owed);
      await transaction.outbox.deleteMany({ where: { id: { in: [...delivered] } } });
      for (const { id, reason } of refused) await transaction.outbox.update({ where: { id }, data: { refusedReason: reason } });
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
