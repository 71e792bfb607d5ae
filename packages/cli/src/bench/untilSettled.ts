import { setTimeout as sleep } from "node:timers/promises";
import { AppError, parsePrometheusText } from "@signalbox/model";

/** Between two merges the engine pauses to choose; a table at rest for this long is done. */
const REST_MS = 1_500;
const ASK_EVERY_MS = 100;

/** The time without any change after which waiting is given up. */
const STALL_MS = 120_000;

/** The state of a table, and of the data on its way into it. */
export interface Settling {
  /** Acknowledged bytes that are not in the table yet. */
  waitingBytes: number;
  rows: number;
  activeParts: number;
  merges: number;
}

/** A clock and a way to wait. */
interface Time {
  clock: () => number;
  pause: (ms: number) => Promise<void>;
}

/** Real time, until a signal aborts. */
export function realTime(signal: AbortSignal): Time {
  return { clock: () => performance.now(), pause: (ms) => sleep(ms, undefined, { signal }) };
}

/** Waits until nothing is on its way and no merge has begun for a while; returns when that rest began. Throws when there is no progress. */
export async function untilSettled(ask: () => Promise<Settling>, { clock, pause }: Time): Promise<number> {
  let restingSince: number | undefined;
  let before = "";
  let changedAt = clock();
  for (;;) {
    const now = clock();
    const { waitingBytes, rows, activeParts, merges } = await ask();
    const state = JSON.stringify([rows, activeParts, waitingBytes]);
    if (state !== before) restingSince = undefined;
    // A large merge changes nothing until it is done.
    if (state !== before || merges > 0) changedAt = now;
    before = state;
    restingSince = waitingBytes === 0 && merges === 0 ? (restingSince ?? now) : undefined;
    if (restingSince !== undefined && now - restingSince >= REST_MS) return restingSince;
    if (now - changedAt > STALL_MS) {
      throw new AppError(
        "infrastructure",
        `Nothing has moved for ${STALL_MS / 1_000} s, and ${waitingBytes} bytes still wait in the journal.`,
      );
    }
    await pause(ASK_EVERY_MS);
  }
}

const JOURNAL_BYTES = "signalbox_collector_journal_bytes";

/** Bytes in a collector's journal that are not in the store yet. Throws where it does not report them. */
export async function journalBytes(otlpUrl: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(`${otlpUrl}/metrics`, { signal });
  const journal = parsePrometheusText(await answer.text()).find(({ name }) => name === JOURNAL_BYTES);
  // Taking silence for an empty journal would end a measurement too early.
  if (journal === undefined) throw new AppError("infrastructure", `The collector does not say ${JOURNAL_BYTES}.`);
  return journal.value;
}
