import { type ClickHouseClient, createRejectedStore, type RejectedStore } from "@signalbox/db/clickhouse";
import {
  endSending,
  giveUpSending,
  listSendings,
  moveIngestWatermark,
  noteRejected,
  noteSent,
  openPassingKeys,
  type PassingKeys,
  type PrismaClient,
  readIngestWatermark,
  type Sending,
} from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError, type BackOff, backOffMs, errorMessage } from "@signalbox/model";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { type CollectorClient, openCollectorClient } from "./again/collectorClient.ts";
import { NOTHING_SENT, type SendOutcome, type SendProgress, sendLetter } from "./again/sendLetter.ts";
import { lettersOf } from "./lettersOf.ts";

/**
 * Dependencies of the loop. `clock` returns milliseconds since 1970; `readableUntilMs` the time up to which everything the collector
 * accepted is in the store (null: unknown). It is called, and letters are made, every `noteEveryMs` milliseconds; `letters` counts new
 * letters.
 */
export type IngestParts = {
  prisma: PrismaClient;
  rejected: RejectedStore;
  send: CollectorClient;
  keys: PassingKeys;
  noteEveryMs: number;
  readableUntilMs: () => Promise<number | null>;
  clock: () => number;
  log: Logger;
  letters: Counter;
};

/**
 * How far each look goes back before the end of the last one, which an earlier controller may have made, however long ago. Below: how often
 * and how far back it catches up on late records of a collector that was away, and how far the very first look goes back. In milliseconds.
 */
const LOOK_BACK_MS = 120_000;
const CATCH_UP_EVERY_MS = 600_000;
const CATCH_UP_MS = 86_400_000;
const FIRST_LOOK_MS = 7 * 86_400_000;

/** The longest stretch of one look, and below, how far the watermark may lag behind, in milliseconds. */
const LOOK_MS_MAX = 86_400_000;
const WATERMARK_EVERY_MS = 60_000;

/** The most letters sent or judged in one round. */
const SENDINGS_MAX = 200;

/** Makes letters of records rejected since the last look, up to the time for which the store is known to be complete. */
function openNoting({ prisma, rejected, letters }: IngestParts): (untilMs: number) => Promise<void> {
  let lookedUntilMs: number | null = null;
  let markedMs = Number.NEGATIVE_INFINITY;
  let caughtUpAtMs = Number.NEGATIVE_INFINITY;
  return async (untilMs) => {
    const before = lookedUntilMs ?? (await readIngestWatermark(prisma))?.getTime() ?? untilMs - FIRST_LOOK_MS;
    const isToCatchUp = untilMs - caughtUpAtMs >= CATCH_UP_EVERY_MS;
    const firstMs = isToCatchUp ? Math.min(before - LOOK_BACK_MS, untilMs - CATCH_UP_MS) : before - LOOK_BACK_MS;
    for (let fromMs = firstMs; fromMs < untilMs; fromMs += LOOK_MS_MAX) {
      const seen = await rejected.kinds({ fromMs, untilMs: Math.min(fromMs + LOOK_MS_MAX, untilMs) });
      letters.inc(await noteRejected(prisma, lettersOf(seen), (project, batch) => rejected.count({ project, ...batch })));
    }
    if (untilMs - markedMs >= WATERMARK_EVERY_MS) {
      await moveIngestWatermark(prisma, new Date(untilMs));
      markedMs = untilMs;
    }
    lookedUntilMs = untilMs;
    if (isToCatchUp) caughtUpAtMs = untilMs;
  };
}

/** Sends the collector the rest of a letter's records. */
async function sendOne(
  { prisma, rejected, send, keys, clock }: IngestParts,
  sending: Sending,
  before: SendProgress,
): Promise<{ outcome: SendOutcome; progress: SendProgress }> {
  const answer = await sendLetter(sending, before, { rejected, send, key: await keys.keyOf(sending.project) });
  const { outcome } = answer;
  if (outcome.kind === "sent") await noteSent(prisma, sending, new Date(clock()));
  if (outcome.kind === "ended") await endSending(prisma, sending, outcome.end, new Date(clock()));
  return answer;
}

/** Judges a letter whose records were accepted: the store or the model may have rejected them once more. */
async function judgeOne({ prisma, rejected, clock }: IngestParts, sending: Sending): Promise<void> {
  const { project, batch, redrivenAt } = sending;
  const again = Math.max(0, batch.records - (await rejected.countUnrepeated({ project, ...batch }, redrivenAt.getTime())));
  const end =
    again === 0
      ? { state: "passed" as const, note: `${batch.records} records were sent and taken.` }
      : { state: "failed" as const, note: `${again} of ${batch.records} records were taken and rejected again.` };
  await endSending(prisma, sending, end, new Date(clock()));
}

/** The pauses before a letter that failed to advance is tried again. After `FAILURES_MAX` failures it is given up. */
const RETRY: BackOff = { firstMs: 1_000, msMax: 60_000 };
const FAILURES_MAX = 5;

/** A letter's progress: its sent records, how often it failed to advance, how many of these were failures, and when it is tried again. */
type Progress = { records: SendProgress; waits: number; failures: number; retryAtMs: number };

const NO_PROGRESS: Progress = { records: NOTHING_SENT, waits: 0, failures: 0, retryAtMs: Number.NEGATIVE_INFINITY };

/** Whether an error means that a store is away, which is no fault of the letter. */
const isNobodysFault = (error: unknown): boolean => error instanceof AppError && error.code === "upstream_unavailable";

/**
 * Advances one letter: sends it, or judges it by the store's content up to a time. A failing letter delays no other. Returns whether it
 * advanced, waits, or the collector accepts nothing.
 */
function openMover(parts: IngestParts): (sending: Sending, judgedUntilMs: number) => Promise<"moved" | "waits" | "unavailable"> {
  const { prisma, keys, clock, log } = parts;
  const progressOf = new Map<string, Progress>();
  const wait = (letter: string, progress: Progress): void => {
    const waits = progress.waits + 1;
    progressOf.set(letter, { ...progress, waits, retryAtMs: clock() + backOffMs(RETRY, waits) });
  };
  return async (sending, judgedUntilMs) => {
    const { letterId: letter, sentAt } = sending;
    const progress = progressOf.get(letter) ?? NO_PROGRESS;
    if (clock() < progress.retryAtMs || (sentAt !== null && sentAt.getTime() >= judgedUntilMs)) return "waits";
    try {
      if (sentAt !== null) await judgeOne(parts, sending);
      else {
        const { outcome, progress: records } = await sendOne(parts, sending, progress.records);
        if (outcome.kind === "unavailable") {
          log.warn({ letter, reason: outcome.reason }, "the collector takes no rejected telemetry again just now");
          wait(letter, { ...progress, records });
          return "unavailable";
        }
      }
      progressOf.delete(letter);
      return "moved";
    } catch (error) {
      const failures = progress.failures + (isNobodysFault(error) ? 0 : 1);
      log.warn({ letter, failures, err: error }, "rejected telemetry could not be sent again");
      wait(letter, { ...progress, failures });
      if (failures < FAILURES_MAX) return "waits";
      await keys.forget();
      await giveUpSending(prisma, sending, `It could not be sent: ${messageOf(error)}`, new Date(clock()));
      progressOf.delete(letter);
      return "moved";
    }
  };
}

/** How much of an error's message is kept, in characters. */
const MESSAGE_CHARS = 300;

function messageOf(error: unknown): string {
  return errorMessage(error).trim().slice(-MESSAGE_CHARS);
}

/**
 * One round: makes letters of rejected records, when it is time for that; then sends letters that redrives have taken up, and judges those
 * whose records are in the store by now.
 */
export function ingestRound(parts: IngestParts): () => Promise<"busy" | "idle"> {
  const { prisma, keys, clock, noteEveryMs } = parts;
  const note = openNoting(parts);
  const moveOn = openMover(parts);
  let notedAtMs = Number.NEGATIVE_INFINITY;
  let notedUntilMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock() - notedAtMs >= noteEveryMs) {
      const untilMs = await parts.readableUntilMs();
      if (untilMs !== null) await note(untilMs);
      notedAtMs = clock();
      notedUntilMs = untilMs ?? notedUntilMs;
    }
    const sendings = await listSendings(prisma, SENDINGS_MAX);
    if (sendings.every(({ sentAt }) => sentAt !== null)) await keys.forget();
    let hasMoved = false;
    for (const sending of sendings) {
      const outcome = await moveOn(sending, notedUntilMs);
      if (outcome === "unavailable") return "idle";
      hasMoved ||= outcome === "moved";
      if (hasMoved && clock() - notedAtMs >= noteEveryMs) return "busy";
    }
    return hasMoved ? "busy" : "idle";
  };
}

/** Pause between rounds while there is work, in milliseconds. */
const BUSY_PAUSE_MS = 250;
const IDLE_PAUSE_MS = 3_000;

/** Makes letters of rejected telemetry, and sends it again when it is redriven. */
export function openIngestLoop({
  clickhouse,
  otlpUrl,
  ...parts
}: Omit<IngestParts, "rejected" | "send" | "keys" | "noteEveryMs"> & { clickhouse: ClickHouseClient; otlpUrl: string }): Loop {
  const { prisma, clock, log } = parts;
  const keys = openPassingKeys(prisma, { use: "redrive", scopes: ["ingest"] }, clock);
  const round = ingestRound({
    ...parts,
    keys,
    noteEveryMs: IDLE_PAUSE_MS,
    rejected: createRejectedStore(clickhouse),
    send: openCollectorClient(otlpUrl),
  });
  const loop = openLoop("ingest letters", IDLE_PAUSE_MS, log, async () =>
    (await round()) === "busy" ? { pauseMs: BUSY_PAUSE_MS } : { pauseMs: IDLE_PAUSE_MS },
  );
  return {
    close: async () => {
      await loop.close();
      await keys.forget().catch((error: unknown) => log.warn({ err: error }, "keys could not be taken back; they last minutes"));
    },
  };
}
