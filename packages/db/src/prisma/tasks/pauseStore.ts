import { AppError, QueuePause } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** Everybody's queue, as a name that no project has. */
const EVERYBODY = "";

/** Acts on the queue are on record as acts on this. */
const SUBJECT = "queue";

/** A queue that is to be paused or to go on: a project's, or (null) everybody's. */
export type QueueAct = { project: string | null; actor: string; reason: string; now: Date };

/** Whether the queue of a row of `task` is paused, its own or everybody's. */
export const IS_PAUSED: Prisma.Sql = Prisma.sql`EXISTS (SELECT FROM queue_pause WHERE queue_pause.project IN (${EVERYBODY}, task.project))`;

const toPause = ({ project, pausedAt, ...row }: Prisma.QueuePauseRowGetPayload<object>): QueuePause =>
  QueuePause.parse({ ...row, project: project === EVERYBODY ? null : project, pausedAt: pausedAt.toISOString() });

const nameOf = (project: string | null): string => (project === null ? "The queue of all projects" : `The queue of project ${project}`);

/**
 * Pauses a queue, on record: workers start none of its tasks until it is
 * resumed. Throws `conflict` when it is paused already (by whom, and why).
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

/** Lets a paused queue go on, on record. Throws `conflict` when it is not paused. */
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

/** Up to `rowsMax` queues that are paused, everybody's first, then those that are longest; with a `project`, those that hold its tasks. */
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

/** Throws `conflict` while a project's tasks are held: whoever puts some back in line is told by whom, and why. */
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
