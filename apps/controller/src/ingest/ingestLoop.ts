import { type ClickHouseClient, createRejectedStore, type RejectedStore } from "@signalbox/db/clickhouse";
import { endSending, lastRejectedAt, listSendings, noteRejected, noteSent, type PrismaClient, type Sending } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { type CollectorClient, openCollectorClient } from "./again/collectorClient.ts";
import { sendLetter } from "./again/sendLetter.ts";
import { letterOf } from "./lettersOf.ts";
import { openProjectKeys } from "./projectKeys.ts";

/**
 * What the loop works with. `clock` answers milliseconds since 1970; `readableUntilMs` up to when everything that the collector took is in the store (null: it does not say); `keyOf` gives a
 * key of a project; `letters` counts new letters.
 */
export type IngestParts = {
  prisma: PrismaClient;
  rejected: RejectedStore;
  send: CollectorClient;
  keyOf: (project: string) => Promise<string>;
  readableUntilMs: () => Promise<number | null>;
  clock: () => number;
  log: Logger;
  letters: Counter;
};

/** Each look goes so far back beyond the last. What came late, by a second collector that was away, is looked for this often and this far back; at first, back to the last letter, if that is farther. */
const LOOK_BACK_MS = 120_000;
const CATCH_UP_EVERY_MS = 600_000;
const CATCH_UP_MS = 86_400_000;
const FIRST_LOOK_MS_MAX = 7 * 86_400_000;

/** So many letters are sent in one round. */
const SENDINGS_MAX = 20;

/** Makes letters of what the collector rejected since the last look, up to what is in the store for certain. */
function openNoting({ prisma, rejected, letters }: IngestParts): (untilMs: number) => Promise<void> {
  let lookedUntilMs: number | null = null;
  let caughtUpAtMs = Number.NEGATIVE_INFINITY;
  return async (untilMs) => {
    const before = lookedUntilMs ?? (await lastRejectedAt(prisma))?.getTime() ?? 0;
    const isToCatchUp = untilMs - caughtUpAtMs >= CATCH_UP_EVERY_MS;
    const farMs = isToCatchUp ? Math.min(before - LOOK_BACK_MS, untilMs - CATCH_UP_MS) : before - LOOK_BACK_MS;
    const fromMs = Math.max(farMs, untilMs - FIRST_LOOK_MS_MAX);
    const seen = await rejected.kinds({ fromMs, untilMs });
    const added = await noteRejected(prisma, seen.map(letterOf), (project, batch) => rejected.count({ project, ...batch }));
    letters.inc(added);
    lookedUntilMs = untilMs;
    if (isToCatchUp) caughtUpAtMs = untilMs;
  };
}

/** Tells the collector of a letter's records; whether it took any. */
async function sendOne({ prisma, rejected, send, keyOf, clock, log }: IngestParts, sending: Sending): Promise<boolean> {
  const startedAt = new Date(clock());
  const sent = await sendLetter(sending, { rejected, send, key: await keyOf(sending.project) });
  if (sent.kind === "unavailable") {
    log.warn({ letter: sending.letterId, reason: sent.reason }, "the collector takes no rejected telemetry again just now");
    return false;
  }
  if (sent.kind === "sent") await noteSent(prisma, sending, startedAt);
  else await endSending(prisma, { ...sending, sentAt: startedAt }, sent.end, new Date(clock()));
  return true;
}

/** What became of a letter's records that were taken: those that the store or the model refuses once more are not where they were. */
async function judgeOne({ prisma, rejected, clock }: IngestParts, sending: Sending): Promise<void> {
  const { project, batch } = sending;
  const again = Math.max(0, batch.records - (await rejected.count({ project, ...batch })));
  const end =
    again === 0
      ? { state: "passed" as const, note: `${batch.records} records were sent and taken.` }
      : { state: "failed" as const, note: `${again} of ${batch.records} records were taken and rejected again.` };
  await endSending(prisma, sending, end, new Date(clock()));
}

/** One round: letters of what was rejected, then what redrives have taken up is sent, and what was sent and is in the store by now is judged. */
export function ingestRound(parts: IngestParts): () => Promise<"busy" | "idle"> {
  const note = openNoting(parts);
  return async () => {
    const untilMs = await parts.readableUntilMs();
    if (untilMs !== null) await note(untilMs);
    const sendings = await listSendings(parts.prisma, SENDINGS_MAX);
    for (const sending of sendings) {
      if (sending.sentAt === null) {
        if (!(await sendOne(parts, sending))) return "idle";
      } else if (untilMs !== null && sending.sentAt.getTime() < untilMs) await judgeOne(parts, sending);
    }
    return sendings.length > 0 ? "busy" : "idle";
  };
}

/** How soon it looks again, in milliseconds. */
const BUSY_PAUSE_MS = 250;
const IDLE_PAUSE_MS = 3_000;

/** Makes letters of telemetry that could not be taken in, and sends those again that redrives have taken up. */
export function openIngestLoop({
  clickhouse,
  otlpUrl,
  ...parts
}: Omit<IngestParts, "rejected" | "send" | "keyOf"> & { clickhouse: ClickHouseClient; otlpUrl: string }): Loop {
  const { prisma, clock, log } = parts;
  const round = ingestRound({
    ...parts,
    rejected: createRejectedStore(clickhouse),
    send: openCollectorClient(otlpUrl),
    keyOf: openProjectKeys(prisma, clock),
  });
  return openLoop("ingest letters", IDLE_PAUSE_MS, log, async () =>
    (await round()) === "busy" ? { pauseMs: BUSY_PAUSE_MS } : { pauseMs: IDLE_PAUSE_MS },
  );
}
