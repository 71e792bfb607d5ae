import { setTimeout as sleep } from "node:timers/promises";

/** Takes a moment, as models and tools do: some SDKs' clocks tick in milliseconds, and what starts within one has no order. */
export async function moment(): Promise<void> {
  await sleep(5);
}
