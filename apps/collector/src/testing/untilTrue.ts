import { setTimeout as sleep } from "node:timers/promises";

/** Resolves when `holds` does; throws after `deadlineMs` milliseconds. */
export async function untilTrue(holds: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not so within ${deadlineMs} ms: ${holds}`);
    await sleep(10);
  }
}

/** Resolves when everything in a collector's journal is in the store. */
export async function untilWritten(url: string, deadlineMs?: number): Promise<void> {
  await untilTrue(async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return metrics.includes("\nsignalbox_collector_journal_bytes 0\n");
  }, deadlineMs);
}
