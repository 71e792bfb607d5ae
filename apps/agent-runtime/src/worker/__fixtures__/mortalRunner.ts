import { createPrisma } from "@signalbox/db/prisma";
import { workerName } from "../../identity.ts";
import { aRunner } from "../../testing/stage.ts";
import type { WorkerMeans } from "../worker.ts";

/**
 * What tasks are run with in a process that dies at once of a message with
 * "poison" in it, as of a native crash. Everything else takes it a while.
 */
export function aMortalRunner(databaseUrl: string): WorkerMeans {
  const runner = aRunner(createPrisma(databaseUrl), { worker: workerName() });
  const { language } = runner.services;
  const deadly = {
    understand: async (request: { domain: string; message: string }) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (request.message.includes("poison")) process.kill(process.pid, "SIGKILL");
      return language.understand(request);
    },
  };
  return { ...runner, services: { ...runner.services, language: deadly } };
}
