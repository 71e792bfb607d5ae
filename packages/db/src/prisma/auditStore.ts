import { type AuditAct, AuditEntry, newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";

/** An act that is to be put on record, in the transaction that does it. */
export type Act = {
  project: string;
  act: AuditAct;
  subject: string;
  actor: string;
  reason: string;
  detail: Prisma.InputJsonObject;
  now: Date;
};

/** Puts acts on record, with what they do or not at all. */
export async function audit(transaction: Prisma.TransactionClient, acts: readonly Act[]): Promise<void> {
  await transaction.auditRow.createMany({ data: acts.map(({ now, ...act }) => ({ id: newId(), ...act, time: now })) });
}

/** Up to `rowsMax` acts of a project and on what is everybody's, the latest first; with a `subject`, those on it alone. */
export async function listAudit(
  prisma: PrismaClient,
  { project, subject, rowsMax }: { project: string; subject?: string | undefined; rowsMax: number },
): Promise<AuditEntry[]> {
  const where = { project: { in: [project, ""] }, ...(subject === undefined ? {} : { subject }) };
  const rows = await askStateStore(() => prisma.auditRow.findMany({ where, orderBy: { time: "desc" }, take: rowsMax }));
  return rows.map((row) => AuditEntry.parse({ ...row, time: row.time.toISOString() }));
}
