import { newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** A revision of a canary at a gate: `canary` is the delivery tool's name for it, `checksum` identifies the revision. */
export type StageKey = { project: string; gate: string; canary: string; checksum: string };

/** The rollout that judges a revision, and how often its weight was allowed to grow. */
export type RecordedStage = { rollout: string; opened: number };

/** An event reported by a delivery tool; `at` is the tool's own time. */
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
 * An event reported by a delivery tool: `source` is the tool, `subject` its object, `at` the
 * tool's own time, and `receivedAt` the time when the state store received it (ISO 8601, UTC).
 */
export type DeliveryEvent = Pick<NewDeliveryEvent, "source" | "subject" | "kind" | "message"> & {
  id: string;
  at: string;
  receivedAt: string;
};

const keyOf = ({ project, gate, canary, checksum }: StageKey) => ({ project, gate, canary, checksum });

const toStage = ({ rolloutId, opened }: Prisma.DeliveryStageRowGetPayload<object>): RecordedStage => ({ rollout: rolloutId, opened });

/** The record of a revision. */
export async function findStage(prisma: PrismaClient, key: StageKey): Promise<RecordedStage | null> {
  const row = await askStateStore(() => prisma.deliveryStageRow.findUnique({ where: { project_gate_canary_checksum: keyOf(key) } }));
  return row === null ? null : toStage(row);
}

/** Whether a rollout judges some revision of a canary. */
export async function isStageTaken(prisma: PrismaClient, { project, gate, canary }: StageKey, rollout: string): Promise<boolean> {
  return (await askStateStore(() => prisma.deliveryStageRow.count({ where: { project, gate, canary, rolloutId: rollout } }))) > 0;
}

/**
 * Binds a revision that has no rollout to one, unless that judges another revision of
 * this canary. Returns the binding that then exists; null where the rollout is taken.
 */
export async function bindStage(prisma: PrismaClient, key: StageKey, rollout: string, now: Date): Promise<RecordedStage | null> {
  const data = [{ ...keyOf(key), rolloutId: rollout, boundAt: now }];
  await askStateStore(() => prisma.deliveryStageRow.createMany({ data, skipDuplicates: true }));
  return findStage(prisma, key);
}

/** Counts one more allowed growth of a revision's weight; false where the count was no longer `opened`. */
export async function openStage(prisma: PrismaClient, key: StageKey, opened: number): Promise<boolean> {
  const where = { ...keyOf(key), opened };
  return (await askStateStore(() => prisma.deliveryStageRow.updateMany({ where, data: { opened: opened + 1 } }))).count > 0;
}

/** Resets the count. */
export async function resetStage(prisma: PrismaClient, key: StageKey): Promise<void> {
  await askStateStore(() => prisma.deliveryStageRow.updateMany({ where: keyOf(key), data: { opened: 0 } }));
}

/** Records a delivery tool's event with the store's time of receipt, the clock by which rollouts begin and end. */
export async function addDeliveryEvent(prisma: PrismaClient, event: NewDeliveryEvent): Promise<void> {
  await askStateStore(() => prisma.deliveryEventRow.create({ data: { id: newId(), ...event } }));
}

/** Up to `rowsMax` events of a gate received in [`from`, `to`) (ISO 8601; `to` defaults to now), newest first. */
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
