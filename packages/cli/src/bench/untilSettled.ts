import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import { parsePrometheusText, sumOf } from "../status/prometheusText.ts";

/** Between two merges the engine pauses to choose; a table at rest for so long is done. */
const REST_MS = 1_500;
const ASK_EVERY_MS = 100;

/** Something that is not done after so long without any change will not be. */
const STALL_MS = 120_000;

/** How a table is, and what is still on its way into it. */
export interface Settling {
  /** Bytes that are acknowledged and not in the table. */
  waitingBytes: number;
  rows: number;
  activeParts: number;
  merges: number;
}

/** Waits until nothing is on its way and no merge has begun for a while; answers when that rest began, on the given clock. Throws when it makes no headway. */
export async function untilSettled(
  ask: () => Promise<Settling>,
  { clock, signal, restMs = REST_MS }: { clock: () => number; signal: AbortSignal; restMs?: number },
): Promise<number> {
  let restingSince = Number.POSITIVE_INFINITY;
  let before = "";
  let changedAt = clock();
  for (;;) {
    const now = clock();
    const settling = await ask();
    const { waitingBytes, rows, activeParts, merges } = settling;
    const isResting = waitingBytes === 0 && merges === 0;
    const isSame = JSON.stringify([rows, activeParts, waitingBytes]) === before;
    if (!isSame) changedAt = now;
    if (!isResting || !isSame) restingSince = isResting ? now : Number.POSITIVE_INFINITY;
    if (now - restingSince >= restMs) return restingSince;
    if (now - changedAt > STALL_MS) {
      throw new AppError(
        "infrastructure",
        `Nothing has moved for ${STALL_MS / 1_000} s, and ${waitingBytes} bytes still wait in the journal.`,
      );
    }
    before = JSON.stringify([rows, activeParts, waitingBytes]);
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

/** Bytes in a collector's journal that are not in the store yet; it must answer. */
export async function journalBytes(otlpUrl: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(`${otlpUrl}/metrics`, { signal });
  return sumOf(parsePrometheusText(await answer.text()), "signalbox_collector_journal_bytes");
}
