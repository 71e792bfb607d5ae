import { type PrismaClient, registerAgentVersion } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { type AgentVersion, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import type { Logger } from "pino";
import { type Clock, dateOfUs } from "../clock.ts";

/** How often a worker reports that it is alive, in milliseconds. */
const SEEN_EVERY_MS = WORKER_GONE_AFTER_MS / 4;

/** Registers the version that a worker runs as, and keeps reporting that it is alive. Resolves once it is registered. */
export async function keepRegistered(prisma: PrismaClient, version: AgentVersion, clock: Clock, log: Logger): Promise<Loop> {
  const register = () => registerAgentVersion(prisma, version, { now: dateOfUs(clock.nowUs()), isServed: true });
  await register();
  return openLoop("registration", SEEN_EVERY_MS, log, async () => {
    await register();
    return "idle";
  });
}
