import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import type { Config } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";

/**
 * The state store of a Signalbox: the one that `DATABASE_URL` names, else the one that runs on the data folder. Throws if neither is there.
 */
export function openStateStore(config: Config): PrismaClient & AsyncDisposable {
  return createPrisma(runningStores(config, "DATABASE_URL").DATABASE_URL, { connectionsMax: 1 });
}
