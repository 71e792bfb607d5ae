import { AppError, QueuePause } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** The name that stands for everybody's queue; no project can have it. */
const EVERYBODY = "";

/** The audit subject of acts on the queue. */
const SUBJECT = "queue";

/** An act on a queue: a project's, or (null) everybody's. */
export type QueueAct = { project: string | null; actor: string; reason: string; now: Date };

/** Whether the queue of a row of `task` is paused, either its own or everybody's. */
export const IS_PAUSED: Prisma.Sql = Prisma.sql`EXISTS (SELECT FROM queue_pause WHERE queue_pause.project IN (${EVERYBODY}, task.project))`;

const toPause = ({ project, pausedAt, ...row }: Prisma.QueuePauseRowGetPayload<object>): QueuePause =>
  QueuePause.parse({ ...row, project: project === EVERYBODY ? null : project, pausedAt: pausedAt.toISOString() });

const nameOf = (project: string | null): string => (project === null ? "The queue of all projects" : `The queue of project ${project}`);

/**
 * Pauses a queue, and records that: workers start none of its tasks until it is
 * resumed. Throws `conflict`, with who paused it and why, when it is already paused.
 */
export async function pauseQueue(prisma: PrismaClient, { project, actor, reason, now }: QueueAct): Promise<QueuePause> {
  const row = { project: project ?? EVERYBODY, actor, reason, pausedAt: now };
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const { count } = await transaction.queuePauseRow.createMany({ data: [row], skipDuplicates: true });
      if (count === 0) {
        const known = await transaction.queuePauseRow.findUniqueOrThrow({ where: { project: row.project } });
        throw new AppError("conflict", `${nameOf(project)} is paused already, by ${known.actor}: ${known.reason}.`);
      }
      await audit(transaction, [{ project: row.project, act: "queue_paused", subject: SUBJECT, actor, reason, detail: {}, now }]);
      return toPause(row);
    }),
  );
}

/** Resumes a paused queue, and records that. Throws `conflict` when it is not paused. */
export async function resumeQueue(prisma: PrismaClient, { project, actor, reason, now }: QueueAct): Promise<void> {
  const name = project ?? EVERYBODY;
  await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const { count } = await transaction.queuePauseRow.deleteMany({ where: { project: name } });
      if (count === 0)
        throw new AppError("conflict", `${nameOf(project)} is not paused.`, { hint: "`./signalbox queue status` shows what is." });
      await audit(transaction, [{ project: name, act: "queue_resumed", subject: SUBJECT, actor, reason, detail: {}, now }]);
    }),
  );
}

/** Up to `rowsMax` pauses, everybody's first, then the longest; with a `project`, those that hold its tasks. */
export async function listQueuePauses(
  prisma: Prisma.TransactionClient,
  { project, rowsMax = 1_000 }: { project?: string; rowsMax?: number } = {},
): Promise<QueuePause[]> {
  const where = project === undefined ? {} : { project: { in: [EVERYBODY, project] } };
  const rows = await askStateStore(() =>
    prisma.queuePauseRow.findMany({ where, orderBy: [{ pausedAt: "asc" }, { project: "asc" }], take: rowsMax }),
  );
  return rows.map(toPause).sort((one, other) => Number(one.project !== null) - Number(other.project !== null));
}

/** Throws `conflict`, with who paused it and why, while a project's queue is paused: nothing can be requeued then. */
export async function requireRunningQueue(transaction: Prisma.TransactionClient, project: string): Promise<void> {
  const [pause] = await listQueuePauses(transaction, { project });
  if (pause === undefined) return;
  const of = pause.project === null ? "" : ` --project ${pause.project}`;
  throw new AppError(
    "conflict",
    `${nameOf(pause.project)} is paused, by ${pause.actor} since ${pause.pausedAt}: ${pause.reason}. Nothing is put back in line.`,
    { hint: `Let it go on first: ./signalbox queue resume${of} --reason '…'` },
  );
}
