import { newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** A revision of a canary at a gate: `canary` is the delivery tool's name of it, `checksum` names the revision. */
export type StageKey = { project: string; gate: string; canary: string; checksum: string };

/** The rollout that judges a revision, and how often its weight was allowed to grow. */
export type RecordedStage = { rollout: string; opened: number };

/** Something that a delivery tool told: `at` is the time that it says. */
export type NewDeliveryEvent = {
  project: string;
  gate: string;
  source: string;
  subject: string;
  kind: string;
  message: string;
  at: Date;
};

/**
 * What a delivery tool told: `source` is the tool, `subject` what of its own it is about,
 * `at` the time that it says, and `receivedAt` when the state store received it (ISO 8601, UTC).
 */
export type DeliveryEvent = Pick<NewDeliveryEvent, "source" | "subject" | "kind" | "message"> & {
  id: string;
  at: string;
  receivedAt: string;
};

const keyOf = ({ project, gate, canary, checksum }: StageKey) => ({ project, gate, canary, checksum });

const toStage = ({ rolloutId, opened }: Prisma.DeliveryStageRowGetPayload<object>): RecordedStage => ({ rollout: rolloutId, opened });

/** What is on record of a revision. */
export async function findStage(prisma: PrismaClient, key: StageKey): Promise<RecordedStage | null> {
  const row = await askStateStore(() => prisma.deliveryStageRow.findUnique({ where: { project_gate_canary_checksum: keyOf(key) } }));
  return row === null ? null : toStage(row);
}

/** Whether a rollout judges some revision of a canary. */
export async function isStageTaken(prisma: PrismaClient, { project, gate, canary }: StageKey, rollout: string): Promise<boolean> {
  return (await askStateStore(() => prisma.deliveryStageRow.count({ where: { project, gate, canary, rolloutId: rollout } }))) > 0;
}

/**
 * Has a rollout judge a revision that none judges, unless it judges another one
 * of this canary. Answers what is so then; null where the rollout is another's.
 */
export async function bindStage(prisma: PrismaClient, key: StageKey, rollout: string, now: Date): Promise<RecordedStage | null> {
  const data = [{ ...keyOf(key), rolloutId: rollout, boundAt: now }];
  await askStateStore(() => prisma.deliveryStageRow.createMany({ data, skipDuplicates: true }));
  return findStage(prisma, key);
}

/** Counts that a revision's weight may grow once more; false where it was counted otherwise than `opened` by then. */
export async function openStage(prisma: PrismaClient, key: StageKey, opened: number): Promise<boolean> {
  const where = { ...keyOf(key), opened };
  return (await askStateStore(() => prisma.deliveryStageRow.updateMany({ where, data: { opened: opened + 1 } }))).count > 0;
}

/** Counts anew. */
export async function resetStage(prisma: PrismaClient, key: StageKey): Promise<void> {
  await askStateStore(() => prisma.deliveryStageRow.updateMany({ where: keyOf(key), data: { opened: 0 } }));
}

/** Puts on record what a delivery tool told, as received at the time of the store, which rollouts begin and end by. */
export async function addDeliveryEvent(prisma: PrismaClient, event: NewDeliveryEvent): Promise<void> {
  await askStateStore(() => prisma.deliveryEventRow.create({ data: { id: newId(), ...event } }));
}

/**
 * Up to `rowsMax` things of a gate that were received from delivery tools from a
 * time on and before another (ISO 8601; without `to` until now), the newest first.
 */
export async function listDeliveryEvents(
  prisma: PrismaClient,
  { project, gate, from, to, rowsMax }: { project: string; gate: string; from: string; to: string | null; rowsMax: number },
): Promise<DeliveryEvent[]> {
  const receivedAt = { gte: new Date(from), ...(to === null ? {} : { lt: new Date(to) }) };
  const order = { orderBy: [{ receivedAt: "desc" as const }, { id: "desc" as const }], take: rowsMax };
  const rows = await askStateStore(() => prisma.deliveryEventRow.findMany({ where: { project, gate, receivedAt }, ...order }));
  return rows.map(({ project: _, gate: __, at, receivedAt: received, ...event }) => ({
    ...event,
    at: at.toISOString(),
    receivedAt: received.toISOString(),
  }));
}
