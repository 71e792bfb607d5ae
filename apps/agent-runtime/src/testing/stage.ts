import { startTestStores } from "@signalbox/db/embedded";
import { createPrisma, loadWorld, type PrismaClient } from "@signalbox/db/prisma";
import { newId, TaskRequest } from "@signalbox/model";
import { pino } from "pino";
import { systemClock } from "../clock.ts";
import { admit } from "../gateway/admission.ts";
import { RULE_CLASSIFIER } from "../services/language/ruleClassifier.ts";
import { openServices } from "../services/openServices.ts";
import { DEMO_WORLD, demoWorld } from "../services/tools/airline/demoWorld.ts";
import type { TaskRunner } from "../worker/runTask.ts";

/** The demo's data, as the tests know it. */
export const DATA = demoWorld();

/** Stores with the demo's world loaded. */
export async function openStage() {
  const stores = await startTestStores();
  const prisma = createPrisma(stores.databaseUrl);
  await loadWorld(prisma, DEMO_WORLD, DATA);
  return {
    stores,
    prisma,
    async [Symbol.asyncDispose]() {
      await prisma.$disconnect();
      await stores[Symbol.asyncDispose]();
    },
  };
}

/** A request that only says what a test is about. */
export function aRequest(request: Partial<TaskRequest> = {}): TaskRequest {
  return TaskRequest.parse({ id: newId(), name: "a task", domain: "airline", world: DEMO_WORLD, message: "Hello", ...request });
}

/** A task that a worker may take; returns its id. */
export async function anAdmittedTask(prisma: PrismaClient, request: Partial<TaskRequest> = {}): Promise<string> {
  return (await admit(prisma, systemClock, aRequest(request))).task.id;
}

/** What a worker runs tasks with; every service is in this process. */
export function aRunner(prisma: PrismaClient, runner: Partial<TaskRunner> = {}): TaskRunner {
  const ways = { language: undefined, memory: undefined, planning: undefined, tools: undefined };
  return {
    prisma,
    services: openServices(ways, RULE_CLASSIFIER, prisma, systemClock),
    clock: systemClock,
    log: pino({ level: "silent" }),
    limits: { failuresMax: 3, lossesMax: 5, retryDelayMs: 10 },
    worker: "worker-1",
    ...runner,
  };
}
