import { setTimeout as sleep } from "node:timers/promises";

/** Waits a moment, as models and tools do: some SDKs' clocks tick in milliseconds, and spans that start within one have no order. */
export async function moment(): Promise<void> {
  await sleep(5);
}
