import { createPrisma, listQueuePauses } from "@signalbox/db/prisma";
import type { QueuePause } from "@signalbox/model";

/** The paused queues; null where the state store does not answer. Leaves no connection open, which would keep the command from ending. */
export async function pausesIn(databaseUrl: string): Promise<QueuePause[] | null> {
  await using store = createPrisma(databaseUrl, { connectionsMax: 1 });
  return await listQueuePauses(store).catch(() => null);
}
