import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import { AppError } from "@signalbox/model";
import type { Config } from "../config.ts";
import { runningStack } from "../supervisor/stack.ts";
import { readRunState } from "../supervisor/stateFile.ts";
import { storeUrls } from "../supervisor/stores.ts";

/** The state store of a Signalbox: the one that `DATABASE_URL` names, else the one that runs on the data folder. Throws if neither is there. */
export function openStateStore(config: Config): PrismaClient & AsyncDisposable {
  return createPrisma(storeUrls({ ...config, portOffset: portOffsetOf(config) }).DATABASE_URL, { connectionsMax: 1 });
}

/** Where the ports of the Signalbox that runs on the data folder are. Throws if none does and its stores are not elsewhere. */
export function portOffsetOf({ dataDir, portOffset, stores }: Config): number {
  if (stores.DATABASE_URL !== undefined) return portOffset;
  const running = runningStack(dataDir) === undefined ? undefined : readRunState(dataDir);
  if (running !== undefined) return running.portOffset;
  throw new AppError("upstream_unavailable", `No Signalbox is running on the data folder ${dataDir}.`, {
    hint: "Start one with ./signalbox up, or set DATABASE_URL to the PostgreSQL of one that runs elsewhere.",
  });
}
