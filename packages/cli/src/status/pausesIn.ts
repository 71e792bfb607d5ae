import { createPrisma, listQueuePauses } from "@signalbox/db/prisma";
import type { QueuePause } from "@signalbox/model";

/**
 * Which queues are paused; null where the state store does not answer. No
 * connection is left, for an open one would keep the command from ending.
 */
export async function pausesIn(databaseUrl: string): Promise<QueuePause[] | null> {
  await using store = createPrisma(databaseUrl, { connectionsMax: 1 });
  return await listQueuePauses(store).catch(() => null);
}
