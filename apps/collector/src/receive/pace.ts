import { setTimeout as sleep } from "node:timers/promises";

/** Shorter waits, in milliseconds, are skipped: the timer would cost more. */
const PACE_MS_MIN = 1;

/** The delay of an answer in milliseconds, for a level of the journal from 0 (empty) to 1 (at its limit), where it is `paceMsMax`. Pure. */
export function paceMsAt(level: number, paceMsMax: number): number {
  const paceMs = level ** 2 * paceMsMax;
  return paceMs < PACE_MS_MIN ? 0 : Math.min(paceMs, paceMsMax);
}

/**
 * Delays an answer, the more the fuller the journal is: senders that wait for their answers then send only as fast as the store can take
 * it, long before any has to be refused.
 */
export async function pace(level: number, paceMsMax: number): Promise<void> {
  const paceMs = paceMsAt(level, paceMsMax);
  if (paceMs > 0) await sleep(paceMs);
}
