import { setTimeout as sleep } from "node:timers/promises";

/** Below this a timer costs more than it holds back. */
const PACE_MS_MIN = 1;

/**
 * How long an answer waits at a level of the journal from 0, empty, to 1, at its limit, where it waits `paceMsMax`; in milliseconds. Pure.
 */
export function paceMsAt(level: number, paceMsMax: number): number {
  const paceMs = level ** 2 * paceMsMax;
  return paceMs < PACE_MS_MIN ? 0 : Math.min(paceMs, paceMsMax);
}

/**
 * Keeps an answer back, the longer the fuller the journal is: senders that wait for their answers then send as fast as the store takes it,
 * long before any must be refused.
 */
export async function pace(level: number, paceMsMax: number): Promise<void> {
  const paceMs = paceMsAt(level, paceMsMax);
  if (paceMs > 0) await sleep(paceMs);
}
