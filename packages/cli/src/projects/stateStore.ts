import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import type { Config } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";

/** The state store of a Signalbox: the one in `DATABASE_URL`, else the one that runs on the data folder. Throws if there is neither. */
export function openStateStore(config: Config): PrismaClient & AsyncDisposable {
  return createPrisma(runningStores(config, "DATABASE_URL").DATABASE_URL, { connectionsMax: 1 });
}
