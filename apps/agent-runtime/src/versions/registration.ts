import { type PrismaClient, registerAgentVersion } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { type AgentVersion, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import type { Logger } from "pino";
import { type Clock, dateOfUs } from "../clock.ts";

/** How often a worker says that it is there. */
const SEEN_EVERY_MS = WORKER_GONE_AFTER_MS / 4;

/** Puts the version that a worker runs as on record, and keeps saying that it is there. Resolves when it is on record. */
export async function keepRegistered(prisma: PrismaClient, version: AgentVersion, clock: Clock, log: Logger): Promise<Loop> {
  const register = () => registerAgentVersion(prisma, version, { now: dateOfUs(clock.nowUs()), isServed: true });
  await register();
  return openLoop("registration", SEEN_EVERY_MS, log, async () => {
    await register();
    return "idle";
  });
}
