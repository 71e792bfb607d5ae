import { type AuditAct, AuditEntry, newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";

/** An act to record in the audit log, in the transaction that performs it. */
export type Act = {
  project: string;
  act: AuditAct;
  subject: string;
  actor: string;
  reason: string;
  detail: Prisma.InputJsonObject;
  now: Date;
};

/** Records acts, atomically with their effects. */
export async function audit(transaction: Prisma.TransactionClient, acts: readonly Act[]): Promise<void> {
  await transaction.auditRow.createMany({ data: acts.map(({ now, ...act }) => ({ id: newId(), ...act, time: now })) });
}

/** Up to `rowsMax` acts of a project and on shared things, the latest first; with a `subject`, only those on it. */
export async function listAudit(
  prisma: PrismaClient,
  { project, subject, rowsMax }: { project: string; subject?: string | undefined; rowsMax: number },
): Promise<AuditEntry[]> {
  const where = { project: { in: [project, ""] }, ...(subject === undefined ? {} : { subject }) };
  const rows = await askStateStore(() => prisma.auditRow.findMany({ where, orderBy: [{ time: "desc" }, { id: "desc" }], take: rowsMax }));
  return rows.map((row) => AuditEntry.parse({ ...row, time: row.time.toISOString() }));
}
