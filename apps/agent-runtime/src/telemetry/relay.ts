import { setTimeout as delay } from "node:timers/promises";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import {
  countOutbox,
  type Delivery,
  deliverOutbox,
  listDecisionsOf,
  listServedVersions,
  listStepsOf,
  listTaskRecords,
  type OwedTelemetry,
  type PrismaClient,
} from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import { openDecisionRecordMaker } from "./decisionRecordMaker.ts";
import { deliveryOf } from "./deliveryOf.ts";
import { type OutboxItem, sendItems } from "./outboxBatches.ts";
import type { ProjectSenders } from "./projectSenders.ts";
import { openSpanMaker } from "./spanMaker.ts";
import { spanOf } from "./spanOf.ts";

/** Rows of the outbox per round, and the time limit of the round's transaction, in milliseconds. */
const ROUND = { rowsMax: 200, timeoutMs: 60_000 } as const;

/** Pause after an empty outbox, in milliseconds: a span should be on the screen within a second. */
const IDLE_PAUSE_MS = 200;

/** How long closing waits for the collector's answer, in milliseconds. */
const CLOSE_GRACE_MS = 1_500;

/** An outbox and the senders to its collector. */
export type RelayParts = { prisma: PrismaClient; senders: ProjectSenders; log: Logger; metrics: Registry };

function textBytes(attributes: Record<string, unknown>): number {
  return Object.values(attributes).reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 16), 500);
}

/** The outbox items of owed spans; a row that turns out to have no span yields none. */
async function spanItems(prisma: PrismaClient, owed: readonly OwedTelemetry[], makeSpan: ReturnType<typeof openSpanMaker>) {
  const taskIds = taskIdsOf(owed.filter(({ spans }) => spans.length > 0));
  const tasks = new Map((await listTaskRecords(prisma, taskIds)).map((task) => [task.id, task]));
  const steps = await listStepsOf(prisma, taskIds);
  const versions = await listServedVersions(prisma, taskIds);
  return owed.flatMap(({ id, taskId, spans }) =>
    spans.flatMap((position): OutboxItem<ReadableSpan>[] => {
      const task = tasks.get(taskId);
      const facts = task === undefined ? null : spanOf(task, steps.get(taskId) ?? [], position, versions.get(taskId));
      return facts === null ? [] : [{ id, position, item: makeSpan(facts), bytes: textBytes(facts.attributes) }];
    }),
  );
}

async function decisionItems(prisma: PrismaClient, owed: readonly OwedTelemetry[], makeRecord: ReturnType<typeof openDecisionRecordMaker>) {
  const all = await listDecisionsOf(prisma, taskIdsOf(owed.filter(({ decisions }) => decisions.length > 0)));
  const byPlace = new Map(all.map((decision) => [`${decision.taskId}:${decision.seq}`, decision]));
  return owed.flatMap(({ id, taskId, decisions }) =>
    decisions.flatMap((position): OutboxItem<ReadableLogRecord>[] => {
      const decision = byPlace.get(`${taskId}:${position}`);
      return decision === undefined ? [] : [{ id, position, item: makeRecord(decision), bytes: JSON.stringify(decision).length }];
    }),
  );
}

function taskIdsOf(owed: readonly OwedTelemetry[]): string[] {
  return [...new Set(owed.map(({ taskId }) => taskId))];
}

/**
 * Sends the collector the telemetry in the outbox. A row is deleted only when the collector has acknowledged it, so nothing is lost; after
 * a crash it is sent again as the very same span or record, so nothing is doubled. While the collector is away the rows wait.
 */
export function openRelay({ prisma, senders, log, metrics }: RelayParts): Loop {
  const makeSpan = openSpanMaker();
  const makeRecord = openDecisionRecordMaker();
  const told = new Counter({
    name: "signalbox_relay_rows_total",
    help: "Outbox rows by outcome.",
    labelNames: ["outcome"],
    registers: [metrics],
  });
  const waiting = new Gauge({
    name: "signalbox_relay_outbox_rows",
    help: "Outbox rows by state.",
    labelNames: ["state"],
    registers: [metrics],
    collect: async () => {
      for (const [state, rows] of Object.entries(await countOutbox(prisma))) waiting.set({ state }, rows);
    },
  });

  async function deliver(owed: readonly OwedTelemetry[]): Promise<Delivery> {
    const deliveries: Delivery[] = [];
    for (const [project, rows] of Map.groupBy(owed, (row) => row.project)) deliveries.push(await deliverOf(project, rows));
    return {
      delivered: deliveries.flatMap(({ delivered }) => delivered),
      refused: deliveries.flatMap(({ refused }) => refused),
    };
  }

  /** Sends the telemetry owed by tasks of one project; that of a deleted project counts as refused. */
  async function deliverOf(project: string, owed: readonly OwedTelemetry[]): Promise<Delivery> {
    const sender = await senders.of(project).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "not_found") return error;
      throw error;
    });
    if (sender instanceof AppError) return { delivered: [], refused: owed.map((row) => ({ ...row, reason: sender.message })) };
    const spans = await spanItems(prisma, owed, makeSpan);
    const decisions = await decisionItems(prisma, owed, makeRecord);
    return deliveryOf(owed, {
      spans: { items: spans, sent: await sendItems(spans, sender.sendSpans) },
      decisions: { items: decisions, sent: await sendItems(decisions, sender.sendLogRecords) },
    });
  }

  const loop = openLoop("relay", IDLE_PAUSE_MS, log, async () => {
    let isProgress = false;
    const taken = await deliverOutbox(prisma, ROUND, async (owed) => {
      const delivery = await deliver(owed);
      told.inc({ outcome: "delivered" }, delivery.delivered.length);
      told.inc({ outcome: "refused" }, delivery.refused.length);
      if (delivery.refused.length > 0) log.error({ refused: delivery.refused.slice(0, 5) }, "the collector refused telemetry for good");
      isProgress = delivery.delivered.length + delivery.refused.length === owed.length;
      return delivery;
    });
    return taken === ROUND.rowsMax && isProgress ? "more" : "idle";
  });
  return {
    close: async () => {
      // A collector that hangs would delay the end of the process; unacknowledged rows stay in the outbox.
      await Promise.race([loop.close(), delay(CLOSE_GRACE_MS, undefined, { ref: false })]);
      await senders.close().catch((error: unknown) => log.warn({ err: error }, "keys could not be taken back; they last minutes"));
    },
  };
}
