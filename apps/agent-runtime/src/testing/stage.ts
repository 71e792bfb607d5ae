import { startTestStores } from "@signalbox/db/embedded";
import { admitTasks, createPrisma, loadWorld, openJournalStore, type PrismaClient, type RateCounter } from "@signalbox/db/prisma";
import { openEmbeddedVectorStore, openEmbedder } from "@signalbox/knowledge";
import { type MemoryService, newId, TaskRequest } from "@signalbox/model";
import { pino } from "pino";
import { systemClock } from "../clock.ts";
import { openDemo } from "../demo/demoTasks.ts";
import { AIRLINE } from "../domains/airline/airline.ts";
import { DEMO_WORLD, demoWorld } from "../domains/airline/world/demoWorld.ts";
import { newTaskOf } from "../gateway/admission.ts";
import type { GatewayParts } from "../gateway/gateway.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { RULE_CLASSIFIER } from "../services/language/ruleClassifier.ts";
import { openMemoryService } from "../services/memory/memoryService.ts";
import { openPostgresMemory } from "../services/memory/postgresMemory.ts";
import { MEMORY_LIMITS } from "../services/memory/shortTermMemory.ts";
import { openServices } from "../services/openServices.ts";
import { USUAL_SETTINGS } from "../services/tools/toolSettings.ts";
import { openKnownVersions } from "../versions/knownVersions.ts";
import { ownVersion } from "../versions/ownVersion.ts";
import { openQuarantine } from "../worker/quarantine.ts";
import type { WorkerMeans } from "../worker/worker.ts";

/** The data and the tasks of the airline's demo. */
export const DATA = demoWorld();
export const DEMO = openDemo(AIRLINE);

/** Stores with the demo's world loaded. */
export async function openStage() {
  const stores = await startTestStores({ only: "postgres" });
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

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A valid request with the given fields. */
export function aRequest(request: Partial<TaskRequest> = {}): TaskRequest {
  return TaskRequest.parse({ id: newId(), name: "a task", domain: "airline", world: DEMO_WORLD, message: "Hello", ...request });
}

/** Admits a task that a worker may take, and returns its id. */
export async function anAdmittedTask(prisma: PrismaClient, request: Partial<TaskRequest> = {}): Promise<string> {
  const task = newTaskOf(systemClock, aRequest(request));
  await admitTasks(prisma, [task]);
  return task.id;
}

/** A rate counter for gateways whose keys have no limits. */
const NOBODY_COUNTS: RateCounter = {
  add: async (name) => {
    throw new Error(`${name} has a rate, and nobody counts`);
  },
  close: async () => {},
};

/** The parts of a gateway on a free port. */
export function aGateway({ prisma, stores }: Stage, queue: TaskQueue, parts: Partial<GatewayParts> = {}): GatewayParts {
  const log = pino({ level: "silent" });
  return {
    ...{ prisma, queue, clock: systemClock, log, port: 0, originPorts: [], isKeyRequired: false },
    limits: { tasksMax: 100_000, projectTasksMax: 100_000, projectTasksPerMinuteMax: null },
    ...{
      rateCounter: NOBODY_COUNTS,
      isTelemetryOn: true,
      databaseUrl: stores.databaseUrl,
      streamsMax: 1_000,
      projectStreamsMax: 1_000,
      workerTasksMax: 16,
      secure: null,
      runningMax: null,
    },
    ...parts,
  };
}

/** A memory service in this process, on PostgreSQL. */
export function aMemory(prisma: PrismaClient): MemoryService {
  const shortTerm = openPostgresMemory(prisma, systemClock, MEMORY_LIMITS);
  return openMemoryService({
    shortTerm,
    prisma,
    embedder: openEmbedder(undefined),
    vectors: openEmbeddedVectorStore(),
    clock: systemClock,
  });
}

/** The version that a worker without settings runs as. */
export const OWN = ownVersion({
  llm: { chat: undefined, model: undefined, temperature: undefined, isDrafting: true, limits: { steps: 20, tokens: 200_000, costUsd: 1 } },
  classifier: "local",
  intentModels: undefined,
  unclear: "refuse",
  toolSettings: USUAL_SETTINGS,
  planted: null,
});

/** The means of a worker that has every service in its own process. */
export function aRunner(prisma: PrismaClient, runner: Partial<WorkerMeans> = {}): WorkerMeans {
  const transports = { language: undefined, planning: undefined, tools: undefined };
  const journals = openJournalStore(prisma);
  return {
    prisma,
    journals,
    quarantine: openQuarantine(journals, 0),
    services: openServices(transports, RULE_CLASSIFIER, aMemory(prisma), prisma),
    unclear: "refuse",
    clock: systemClock,
    log: pino({ level: "silent" }),
    limits: { failuresMax: 3, retryDelayMs: 10, attemptMsMax: 60_000 },
    runningMax: null,
    unservedMs: 86_400_000,
    worker: "worker-1",
    version: OWN,
    manifestOf: openKnownVersions(prisma, OWN),
    ...runner,
  };
}
