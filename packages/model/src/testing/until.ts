import { setTimeout as sleep } from "node:timers/promises";

const DEADLINE_MS = 45_000;
const POLL_MS = 20;

/**
 * Waits until `probe` gives something other than null, undefined and false; a deadline that passes is an error that names what was awaited.
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
