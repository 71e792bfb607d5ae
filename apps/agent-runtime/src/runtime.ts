import { createPrisma, openJournalStore, openRateCounter, type PrismaClient, type RateCounter, requireTasks } from "@signalbox/db/prisma";
import { MEMORY_CONTRACT, openListener, remoteService, type Send, serviceMetrics } from "@signalbox/listener";
import { AppError, type MemoryService } from "@signalbox/model";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { ChatEndpoint } from "./chat/chatEndpoint.ts";
import { measuredEndpoint } from "./chat/measuredEndpoint.ts";
import { openChatEndpoint } from "./chat/openChatEndpoint.ts";
import { systemClock } from "./clock.ts";
import type { Config, Part } from "./config.ts";
import { runDemo } from "./demo/runDemo.ts";
import { requireDomain } from "./domains/domains.ts";
import { injectFault } from "./faults/injectFault.ts";
import { openGateway } from "./gateway/gateway.ts";
import { openRedisRateCounter } from "./gateway/redisRateCounter.ts";
import { workerName } from "./identity.ts";
import { openTaskQueue } from "./queue/bullTaskQueue.ts";
import { openReplayLoop } from "./replay/replayLoop.ts";
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
import { serveServices } from "./services/serveServices.ts";
import { openServiceTransports, type ServiceEndpoints } from "./services/serviceTransports.ts";
import { openMcpTools } from "./services/tools/mcp/mcpTools.ts";
import { NO_OUTSIDE_TOOLS } from "./services/tools/outsideTools.ts";
import { openOtlpSender } from "./telemetry/otlpExport.ts";
import { openRelay } from "./telemetry/relay.ts";
import { openKnownVersions } from "./versions/knownVersions.ts";
import { ownVersion } from "./versions/ownVersion.ts";
import { keepRegistered } from "./versions/registration.ts";
import { FAILURES_MAX } from "./worker/failTask.ts";
import { openQuarantine } from "./worker/quarantine.ts";
import { openWorker, type Worker } from "./worker/worker.ts";

/** The largest request to a service, in bytes: planning is sent whole conversations. */
const SERVICE_BODY_MAX_BYTES = 16 * 1024 * 1024;

/** What tasks write together goes in few statements, so that few connections do, however many tasks are under way. */
const DATABASE_CONNECTIONS_MAX = 12;

/** A call of an MCP server holds a connection until it is answered: however slow servers are, the other half is for what else tasks do. */
const OUTSIDE_CALLS_MAX = 6;

const SERVICE_PARTS = ["language", "memory", "planning", "tools"] as const;

/** A running part of the agent runtime. `close` finishes what is in hand. */
export type Runtime = { close: () => Promise<void> };

async function requireDatabase(prisma: PrismaClient): Promise<void> {
  await requireTasks(prisma).catch((cause: unknown) => {
    throw new AppError("infrastructure", "The PostgreSQL at DATABASE_URL does not answer, or its tables are not there.", {
      cause,
      hint: "Is the server running, and the URL right?",
    });
  });
}

/**
 * Who tells what messages want in this process. A model is opened only where messages are
 * understood; that a message asks for several things is noticed only where something comes of it.
 */
async function openClassifier({ parts, services, intentModels, classifier, llm, unclear }: Config, chat: ChatEndpoint | null) {
  const isHere = parts.has("language") || (parts.has("worker") && services.language === undefined);
  if (!isHere) return RULE_CLASSIFIER;
  if (classifier === "llm" && chat !== null && llm.model !== undefined)
    return openModelClassifier(chat, { model: llm.model, temperature: llm.temperature }, systemClock);
  const local = intentModels === undefined ? RULE_CLASSIFIER : await openTrainedClassifiers(intentModels);
  return unclear === "refuse" ? local : noticeSeveral(local);
}

/** The trained models of the domains; rules understand the messages of a domain that has none. */
async function openTrainedClassifiers({ dataDir, versions }: NonNullable<Config["intentModels"]>): Promise<IntentClassifier> {
  const classifiers = new Map<string | null, IntentClassifier>();
  for (const { domain, version } of versions) {
    if (domain !== null) requireDomain(domain);
    classifiers.set(domain, await openTrainedClassifier(dataDir, version));
  }
  return { classify: (request) => (classifiers.get(request.domain) ?? classifiers.get(null) ?? RULE_CLASSIFIER).classify(request) };
}

/** Memory where it is: somewhere else, in this process, or nowhere, for a process that asks for none and should open no store. */
async function openMemoryFrom(way: Send | undefined, { parts }: Config, openHere: () => Promise<MemoryService>): Promise<MemoryService> {
  if (way !== undefined) return remoteService(way, MEMORY_CONTRACT);
  return parts.has("memory") || parts.has("worker") ? openHere() : NO_MEMORY;
}

/** Whether tools are executed in this process: only there are their servers connected. */
function areToolsHere({ parts, services }: Config): boolean {
  return parts.has("tools") || (parts.has("worker") && services.tools === undefined);
}

function openCounter({ queueStore, databaseUrl }: Config, log: Logger): RateCounter {
  return "redisUrl" in queueStore ? openRedisRateCounter(queueStore.redisUrl, log) : openRateCounter(databaseUrl);
}

/** Which services this process serves over HTTP. A worker shares its tools: the controller executes expected actions with them. */
function servedBy({ parts, services }: Config): (typeof SERVICE_PARTS)[number][] {
  return SERVICE_PARTS.filter((name) => parts.has(name) || (name === "tools" && parts.has("worker") && services.tools === undefined));
}

/** The services that this process calls somewhere else: it never asks others for what it serves itself. */
function calledFrom({ parts, services }: Config): ServiceEndpoints {
  const endpointsOf = (name: keyof ServiceEndpoints) => (parts.has(name) ? undefined : services[name]);
  return {
    language: endpointsOf("language"),
    memory: endpointsOf("memory"),
    planning: endpointsOf("planning"),
    tools: endpointsOf("tools"),
  };
}

/** Starts the parts of the runtime that the configuration asks for, in one process. */
export async function startRuntime(config: Config, log: Logger): Promise<Runtime> {
  await using opening = new AsyncDisposableStack();
  const open = <Opened extends { close: () => Promise<void> }>(opened: Opened): Opened => opening.adopt(opened, ({ close }) => close());
  const isAsked = (...parts: Part[]): boolean => parts.some((part) => config.parts.has(part));

  const prisma = opening.use(createPrisma(config.databaseUrl, { connectionsMax: DATABASE_CONNECTIONS_MAX }));
  await requireDatabase(prisma);
  const metrics = new Registry();
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
  const queue = isAsked("gateway", "worker") ? open(await openTaskQueue(config.queueStore, log)) : null;

  let worker: Worker | null = null;
  if (isAsked("worker", "relay", ...SERVICE_PARTS) || config.isGatewayShared)
    open(
      await openListener({
        port: config.ports.worker,
        address: config.serviceAddress,
        drainMs: config.drainMs,
        bodyMaxBytes: SERVICE_BODY_MAX_BYTES,
        log,
        metrics,
        isReady: async () => {
          await requireTasks(prisma);
          // A gateway admits tasks without the queue; a worker gets none.
          if (worker !== null) await queue?.ping();
          return worker === null || worker.isRunning();
        },
        routes: (app) => serveServices(app, servedBy(config), services, serviceMetrics(metrics)),
      }),
    );
  if (isAsked("worker", "relay") && config.isTelemetryOn)
    open(openRelay({ prisma, sender: openOtlpSender(config.otlpUrl, config.otlpKey), log, metrics }));
  if (isAsked("worker") && queue !== null) {
    const { tasksMax, retryDelayMs, attemptMsMax } = config.worker;
    const { runningMax, unservedMs } = config.worker;
    const journals = openJournalStore(prisma, { isTelemetryOn: config.isTelemetryOn, runningMax });
    const version = ownVersion(config);
    const runner = {
      prisma,
      journals,
      quarantine: openQuarantine(journals),
      services: injectFault({ ...services, memory: withOutagePolicy(memory, config.memory.outage, systemClock) }, config.planted),
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
    open(await keepRegistered(prisma, version, systemClock, log));
    worker = open(openWorker(runner, queue, tasksMax, metrics, log));
    open(openReplayLoop(runner));
  }
  if (isAsked("gateway") && queue !== null)
    open(
      await openGateway({
        ...{ prisma, queue, clock: systemClock, log, originPorts: [config.ports.console], workerTasksMax: config.worker.tasksMax },
        ...{
          ...config.gateway,
          runningMax: config.worker.runningMax,
          isTelemetryOn: config.isTelemetryOn,
          databaseUrl: config.databaseUrl,
          rateCounter: open(openCounter(config, log)),
        },
        ...{ port: config.ports.gateway, address: config.listenAddress, isPortShared: config.isGatewayShared, drainMs: config.drainMs },
      }),
    );
  if (isAsked("demo") || (isAsked("gateway") && config.demo.tasks > 0))
    open(runDemo({ prisma, gatewayUrl: config.gatewayUrl, gatewayKey: config.gatewayKey, log, settings: config.demo }));

  const running = opening.move();
  return {
    close: () => {
      // A worker waits for the tasks in hand; a model may take longer than this process has.
      leaving.abort();
      return running.disposeAsync();
    },
  };
}
