import { z } from "zod";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import { SessionBody } from "./sessionObjects.ts";

/**
 * An experiment that is due for a look at its runs. `isOver` when its client
 * said so, at `endedAt` where it gave a time; `lookAt` is the time of the look.
 */
export interface DueExperiment {
  id: string;
  project: string;
  name: string;
  datasetId: string;
  datasetVersion: number | null;
  itemsTold: number | null;
  trialsTold: number | null;
  createdAt: Date;
  updatedAt: Date;
  isOver: boolean;
  endedAt: Date | null;
  lookAt: Date;
}

const positive = (value: unknown): number | null => (Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null);

/** Clients for Python may leave out the zone, and mean UTC. */
function momentOf(value: unknown): Date | null {
  if (typeof value !== "string") return null;
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The client for JavaScript reports no end: its last update of an experiment names the version of the dataset that its examples had. */
const Ending = z.object({ extra: z.object({ metadata: z.object({ dataset_version: z.string() }) }) });

/** Up to `rowsMax` experiments that are due for a look, the longest-waiting first. */
export async function listDueExperiments(prisma: PrismaClient, now: Date, rowsMax: number): Promise<DueExperiment[]> {
  const rows = await askStateStore(() =>
    prisma.tracerSessionRow.findMany({ where: { lookAt: { lte: now } }, orderBy: [{ lookAt: "asc" }, { id: "asc" }], take: rowsMax }),
  );
  return rows.flatMap(({ body, lookAt, ...row }) => {
    const { reference_dataset_id: datasetId, num_examples, num_repetitions, end_time } = SessionBody.parse(body);
    if (datasetId === null || datasetId === undefined || lookAt === null) return [];
    const endedAt = momentOf(end_time);
    const isOver = endedAt !== null || Ending.safeParse(body).success;
    return [{ ...row, datasetId, lookAt, isOver, endedAt, itemsTold: positive(num_examples), trialsTold: positive(num_repetitions) }];
  });
}

const PAUSE_MS_MIN = 2_000;
const PAUSE_MS_MAX = 3_600_000;

/** The time for which runs are assembled from parts (ADR 006); what arrives later stays a trace. */
const QUIET_MS_MAX = 30 * 86_400_000;

/**
 * Schedules an experiment's next look: the longer nothing arrived the later, so that late data is found within a tenth of its
 * delay, and in the end never again. If a client has updated the experiment meanwhile, the look that this asked for stays.
 */
export async function postponeLook(
  prisma: PrismaClient,
  { id, lookAt, updatedAt }: DueExperiment,
  { now, activeAt }: { now: Date; activeAt: Date | null },
): Promise<void> {
  const quietMs = now.getTime() - Math.max(updatedAt.getTime(), activeAt?.getTime() ?? 0);
  const pauseMs = Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, quietMs / 10));
  const next = quietMs > QUIET_MS_MAX ? null : new Date(now.getTime() + pauseMs);
  await askStateStore(() => prisma.tracerSessionRow.updateMany({ where: { id, lookAt }, data: { lookAt: next } }));
}
