import { IngestBatch, newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";

/** Telemetry whose turn in a redrive came at `redrivenAt`. `sentAt` is when the last of it was sent, null until then. */
export type Sending = {
  redriveId: string;
  position: number;
  letterId: string;
  project: string;
  fingerprint: string;
  batch: Extract<IngestBatch, { held: "records" }>;
  redrivenAt: Date;
  sentAt: Date | null;
};

/** The end of a sending. */
export type SendingEnd = { state: "passed" | "failed"; note: string };

/** Up to `rowsMax` telemetry letters that redrives have taken up and that have not ended, longest-waiting first. */
export async function listSendings(prisma: PrismaClient, rowsMax: number): Promise<Sending[]> {
  const rows = await prisma.redriveItemRow.findMany({
    where: { state: "running", taskId: null },
    orderBy: [{ redrivenAt: "asc" }, { position: "asc" }],
    take: rowsMax,
    include: { letter: { select: { project: true, fingerprint: true, payload: true } } },
  });
  return rows.flatMap(({ redriveId, position, letterId, redrivenAt, sentAt, letter: { payload, ...letter } }) => {
    const batch = IngestBatch.parse(payload);
    return batch.held === "file" || redrivenAt === null ? [] : [{ redriveId, position, letterId, ...letter, batch, redrivenAt, sentAt }];
  });
}

/** Records that telemetry was sent. A kill before this sends it once more, which the store deduplicates. */
export async function noteSent(prisma: PrismaClient, { redriveId, position }: Sending, sentAt: Date): Promise<void> {
  await prisma.redriveItemRow.updateMany({ where: { redriveId, position, state: "running" }, data: { sentAt } });
}

/** Ends a sending; a failed one points to the newest letter of its kind since. */
export async function endSending(prisma: PrismaClient, sending: Sending, { state, note }: SendingEnd, now: Date): Promise<void> {
  const { redriveId, position, letterId, project, fingerprint, redrivenAt } = sending;
  const next =
    state === "passed"
      ? null
      : await prisma.deadLetter.findFirst({
          where: { project, fingerprint, id: { not: letterId }, lastFailedAt: { gte: redrivenAt } },
          orderBy: [{ lastFailedAt: "desc" }, { id: "desc" }],
          select: { id: true },
        });
  await prisma.redriveItemRow.updateMany({
    where: { redriveId, position, state: "running" },
    data: { state, note, endedAt: now, nextLetterId: next?.id ?? null },
  });
}

/**
 * Gives up a sending for a reason that lies outside its records: they
 * stay where they are, and another letter about them waits for a person.
 */
export async function giveUpSending(
  prisma: PrismaClient,
  { redriveId, position, letterId }: Sending,
  note: string,
  now: Date,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const nextLetterId = newId();
    const { count } = await transaction.redriveItemRow.updateMany({
      where: { redriveId, position, state: "running" },
      data: { state: "failed", note, endedAt: now, nextLetterId },
    });
    if (count === 0) return;
    const { minute, fingerprint, project, ...letter } = await transaction.deadLetter.findUniqueOrThrow({ where: { id: letterId } });
    const last = await transaction.deadLetter.aggregate({ where: { project, fingerprint, minute }, _max: { run: true } });
    await transaction.deadLetter.create({
      data: {
        ...{ ...letter, project, fingerprint, minute, id: nextLetterId, run: (last._max.run ?? letter.run) + 1, redrivenAt: null },
        ...{ payload: letter.payload as Prisma.InputJsonObject, attempts: [], errorChain: [] },
      },
    });
  });
}
