import { setTimeout as sleep } from "node:timers/promises";

const DEADLINE_MS = 45_000;
const POLL_MS = 20;

/**
 * Polls `probe` until it returns something other than null, undefined or
 * false; throws an error that names `awaited` when the deadline passes.
 */
export async function until<Value>(awaited: string, probe: () => Promise<Value | null | undefined | false>): Promise<Value> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${awaited}`);
    await sleep(POLL_MS);
  }
}
