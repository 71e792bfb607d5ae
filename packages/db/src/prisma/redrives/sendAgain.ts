import { IngestBatch } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";

/** Telemetry whose turn has come in a redrive. `sentAt` is null until it was sent. */
export type Sending = {
  redriveId: string;
  position: number;
  letterId: string;
  project: string;
  fingerprint: string;
  batch: Extract<IngestBatch, { held: "records" }>;
  sentAt: Date | null;
};

/** How a sending ended. */
export type SendingEnd = { state: "passed" | "failed"; note: string };

/** That a letter's telemetry was sent is told by its item's run: telemetry has no runs of its own. */
const SENT = 1;

/** Up to `rowsMax` letters of telemetry that redrives have taken up and that have not ended, those first that wait longest. */
export async function listSendings(prisma: PrismaClient, rowsMax: number): Promise<Sending[]> {
  const rows = await prisma.redriveItemRow.findMany({
    where: { state: "running", taskId: null },
    orderBy: [{ redrivenAt: "asc" }, { position: "asc" }],
    take: rowsMax,
    include: { letter: { select: { project: true, fingerprint: true, payload: true } } },
  });
  return rows.flatMap(({ redriveId, position, letterId, run, redrivenAt, letter: { payload, ...letter } }) => {
    const batch = IngestBatch.parse(payload);
    return batch.held === "file" ? [] : [{ redriveId, position, letterId, ...letter, batch, sentAt: run === SENT ? redrivenAt : null }];
  });
}

/** Remembers that telemetry was sent. Before that is written a kill sends it once more, which the store knows. */
export async function noteSent(prisma: PrismaClient, { redriveId, position }: Sending, sentAt: Date): Promise<void> {
  await prisma.redriveItemRow.updateMany({
    where: { redriveId, position, state: "running" },
    data: { run: SENT, redrivenAt: sentAt },
  });
}

/** Ends a sending; one that failed is said to be in the newest letter of its kind. */
export async function endSending(
  prisma: PrismaClient,
  { redriveId, position, letterId, project, fingerprint, sentAt }: Sending,
  { state, note }: SendingEnd,
  now: Date,
): Promise<void> {
  const next =
    state === "passed" || sentAt === null
      ? null
      : await prisma.deadLetter.findFirst({
          where: { project, fingerprint, id: { not: letterId }, lastFailedAt: { gte: sentAt } },
          orderBy: { lastFailedAt: "desc" },
          select: { id: true },
        });
  await prisma.redriveItemRow.updateMany({
    where: { redriveId, position, state: "running" },
    data: { state, note, endedAt: now, nextLetterId: next?.id ?? null },
  });
}
