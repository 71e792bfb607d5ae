import { setTimeout as delay } from "node:timers/promises";
import { createPrisma, openJournalStore, type PrismaClient, requireTasks } from "@signalbox/db/prisma";
import { MEMORY_CONTRACT, remoteService, type Send } from "@signalbox/listener";
import { AppError, type MemoryService } from "@signalbox/model";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { ChatEndpoint } from "./chat/chatEndpoint.ts";
import { measuredEndpoint } from "./chat/measuredEndpoint.ts";
import { openChatEndpoint } from "./chat/openChatEndpoint.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { requireDomain } from "./domains/domains.ts";
import { injectFault } from "./faults/injectFault.ts";
import { workerName } from "./identity.ts";
import type { IntentClassifier } from "./services/language/intentClassifier.ts";
import { openModelClassifier } from "./services/language/modelClassifier.ts";
import { noticeSeveral } from "./services/language/noticeSeveral.ts";
import { RULE_CLASSIFIER } from "./services/language/ruleClassifier.ts";
import { openTrainedClassifier } from "./services/language/trainedClassifier.ts";
import { NO_MEMORY } from "./services/memory/noMemory.ts";
import { openMemory } from "./services/memory/openMemory.ts";
import { withOutagePolicy } from "./services/memory/outagePolicy.ts";
import { openServices } from "./services/openServices.ts";
import { draftStore, NO_DRAFTS, openDrafts } from "./services/planning/llm/drafts.ts";
import { openLlmPlanner } from "./services/planning/llm/llmPlanner.ts";
import { openServiceTransports, type ServiceEndpoints } from "./services/serviceTransports.ts";
import { openMcpTools } from "./services/tools/mcp/mcpTools.ts";
import { NO_OUTSIDE_TOOLS } from "./services/tools/outsideTools.ts";
import { openKnownVersions } from "./versions/knownVersions.ts";
import { ownVersion } from "./versions/ownVersion.ts";
import type { Services } from "./worker/converse.ts";
import { FAILURES_MAX } from "./worker/failTask.ts";
import { openQuarantine } from "./worker/quarantine.ts";
import type { WorkerMeans } from "./worker/worker.ts";

/** Connections to PostgreSQL. Tasks' writes are grouped into few statements, so few connections are enough however many tasks run. */
const DATABASE_CONNECTIONS_MAX = 12;

/** How long a starting process waits for a PostgreSQL that does not answer, and how often it asks, in milliseconds. */
const DATABASE_MS_MAX = 5_000;
const DATABASE_LOOK_MS = 100;

/**
 * Connections that calls of MCP servers may hold at once, each until its server answers; the other half stays free for the rest, however
 * slow servers are.
 */
const OUTSIDE_CALLS_MAX = 6;

/**
 * The store and the services that a process works with. Call `leave` before disposal: it gives up calls that would keep the process from
 * ending soon.
 */
export type Means = AsyncDisposable & { prisma: PrismaClient; services: Services; leave: () => void };

/** Waits for the database: a process that starts while its supervisor restarts PostgreSQL then works as soon as that does. */
async function requireDatabase(prisma: PrismaClient): Promise<void> {
  const deadline = performance.now() + DATABASE_MS_MAX;
  for (;;) {
    try {
      return await requireTasks(prisma);
    } catch (cause) {
      const mayComeBack = cause instanceof AppError && cause.code === "upstream_unavailable" && performance.now() < deadline;
      if (!mayComeBack)
        throw new AppError("infrastructure", "The PostgreSQL at DATABASE_URL does not answer, or its tables are not there.", {
          cause,
          hint: "Is the server running, and the URL right?",
        });
      await delay(DATABASE_LOOK_MS);
    }
  }
}

/**
 * Opens the classifier of messages in this process. A model is opened only where messages are understood; the check for messages that ask
 * for several things runs only where the policy acts on it.
 */
async function openClassifier({ parts, services, intentModels, classifier, llm, unclear }: Config, chat: ChatEndpoint | null) {
  const isHere = parts.has("language") || (parts.has("worker") && services.language === undefined);
  if (!isHere) return RULE_CLASSIFIER;
  if (classifier === "llm" && chat !== null && llm.model !== undefined)
    return openModelClassifier(chat, { model: llm.model, temperature: llm.temperature }, systemClock);
  const local = intentModels === undefined ? RULE_CLASSIFIER : await openTrainedClassifiers(intentModels);
  return unclear === "refuse" ? local : noticeSeveral(local);
}

/** The trained models of the domains; rules understand the messages of a domain without one. */
async function openTrainedClassifiers({ dataDir, versions }: NonNullable<Config["intentModels"]>): Promise<IntentClassifier> {
  const classifiers = new Map<string | null, IntentClassifier>();
  for (const { domain, version } of versions) {
    if (domain !== null) requireDomain(domain);
    classifiers.set(domain, await openTrainedClassifier(dataDir, version));
  }
  return { classify: (request) => (classifiers.get(request.domain) ?? classifiers.get(null) ?? RULE_CLASSIFIER).classify(request) };
}

/** The memory service: remote, in this process, or absent, for a process that needs none and should open no store. */
async function openMemoryFrom(way: Send | undefined, { parts }: Config, openHere: () => Promise<MemoryService>): Promise<MemoryService> {
  if (way !== undefined) return remoteService(way, MEMORY_CONTRACT);
  return parts.has("memory") || parts.has("worker") ? openHere() : NO_MEMORY;
}

/** Whether tools are executed in this process: only then are their servers connected. */
function areToolsHere({ parts, services }: Config): boolean {
  return parts.has("tools") || (parts.has("worker") && services.tools === undefined);
}

/** The services that this process calls remotely: it never calls others for a service of its own. */
function calledFrom({ parts, services }: Config): ServiceEndpoints {
  const endpointsOf = (name: keyof ServiceEndpoints) => (parts.has(name) ? undefined : services[name]);
  return {
    language: endpointsOf("language"),
    memory: endpointsOf("memory"),
    planning: endpointsOf("planning"),
    tools: endpointsOf("tools"),
  };
}

/** Opens the store and the services that the configuration asks for. Throws `infrastructure` if the store does not answer. */
export async function openMeans(
  config: Config,
  log: Logger,
  metrics: Registry,
  connectionsMax: number = DATABASE_CONNECTIONS_MAX,
): Promise<Means> {
  await using opening = new AsyncDisposableStack();
  const open = <Opened extends { close: () => Promise<void> }>(opened: Opened): Opened => opening.adopt(opened, ({ close }) => close());
  const prisma = opening.use(createPrisma(config.databaseUrl, { connectionsMax }));
  await requireDatabase(prisma);
  const leaving = new AbortController();
  const chat =
    config.llm.chat === undefined
      ? null
      : measuredEndpoint(await openChatEndpoint(config.llm.chat, leaving.signal), config.llm.model, metrics);
  const drafts = config.llm.isDrafting ? openDrafts(draftStore(prisma, systemClock), log) : NO_DRAFTS;
  const llm = chat === null ? null : openLlmPlanner(chat, config.llm, systemClock, drafts);
  const { transports } = open(await openServiceTransports(calledFrom(config), log, metrics));
  const memory = await openMemoryFrom(transports.memory, config, () => openMemory(config.memory, prisma, systemClock, log).then(open));
  const outside = areToolsHere(config)
    ? open(openMcpTools(prisma, config.toolSettings, { log, metrics, callsMax: OUTSIDE_CALLS_MAX }))
    : NO_OUTSIDE_TOOLS;
  const toolParts = { settings: config.toolSettings, outside };
  const services = openServices(transports, await openClassifier(config, chat), memory, prisma, llm, toolParts);
  const opened = opening.move();
  return { prisma, services, leave: () => leaving.abort(), [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Everything that a worker needs to run tasks. */
export function runnerOf(config: Config, { prisma, services }: Means, log: Logger): WorkerMeans {
  const { retryDelayMs, attemptMsMax, runningMax, unservedMs } = config.worker;
  const journals = openJournalStore(prisma, { isTelemetryOn: config.isTelemetryOn, runningMax });
  const version = ownVersion(config);
  const memory = withOutagePolicy(services.memory, config.memory.outage, systemClock);
  return {
    prisma,
    journals,
    quarantine: openQuarantine(journals),
    services: injectFault({ ...services, memory }, config.planted),
    unclear: config.unclear,
    clock: systemClock,
    log,
    limits: { failuresMax: FAILURES_MAX, retryDelayMs, attemptMsMax },
    runningMax,
    unservedMs,
    worker: workerName(),
    version,
    manifestOf: openKnownVersions(prisma, version),
  };
}
