import { createPrisma } from "@signalbox/db/prisma";
import { pino } from "pino";
import { Registry } from "prom-client";
import { openTaskQueue } from "../../queue/bullTaskQueue.ts";
import { workerName } from "../../identity.ts";
import { aRunner } from "../../testing/stage.ts";
import { openWorker } from "../worker.ts";

/** A worker that dies at once of a message with "poison" in it, as of a native crash. Everything else takes it a while. */
const databaseUrl = process.env.DATABASE_URL ?? "";
const redisUrl = process.env.REDIS_URL;
const log = pino({ level: "silent" });
const runner = aRunner(createPrisma(databaseUrl), { worker: workerName() });
const { language } = runner.services;
const deadly = {
  understand: async (request: { domain: string; message: string }) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (request.message.includes("poison")) process.kill(process.pid, "SIGKILL");
    return language.understand(request);
  },
};
openWorker({ ...runner, services: { ...runner.services, language: deadly } }, await openTaskQueue(redisUrl === undefined ? { databaseUrl } : { redisUrl }, log), 8, new Registry(), log);
process.once("disconnect", () => process.exit(0));
