import { createPrisma } from "@signalbox/db/prisma";
import { workerName } from "../../identity.ts";
import { aRunner } from "../../testing/stage.ts";
import type { WorkerMeans } from "../worker.ts";

/**
 * The means of a worker whose process dies at once, as of a native crash, of a message that contains "poison". Every other message takes it
 * a while.
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
