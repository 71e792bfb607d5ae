import { join } from "node:path";
import { Endpoints } from "@signalbox/balancer";
import { embeddingsSettings, vectorStoreSettings } from "@signalbox/knowledge";
import {
  AppError,
  DataDir,
  LogLevel,
  type Planted,
  PlantedFault,
  PortOffset,
  portsAt,
  readEnvironment,
  setVariables,
} from "@signalbox/model";
import { z } from "zod";
import type { ChatSettings } from "./chat/openChatEndpoint.ts";
import type { OutagePolicy } from "./services/memory/outagePolicy.ts";
import { readToolSettings, USUAL_SETTINGS } from "./services/tools/toolSettings.ts";

/** The parts of the runtime; one process may run several. */
const PARTS = ["gateway", "worker", "relay", "demo", "language", "memory", "planning", "tools"] as const;
export type Part = (typeof PARTS)[number];

const Parts = z
  .string()
  .default("gateway,worker")
  .transform((names) => names.split(",").map((name) => name.trim()))
  .pipe(z.array(z.enum(PARTS)).min(1));

const Env = z.object({
  DATABASE_URL: z.url(),
  REDIS_URL: z.url().optional(),
  SIGNALBOX_RUNTIME_PARTS: Parts,
  SIGNALBOX_PORT_OFFSET: PortOffset,
  SIGNALBOX_LISTEN_ADDRESS: z.union([z.ipv4(), z.ipv6()]).optional(),
  SIGNALBOX_GATEWAY_SHARED: z.stringbool().default(false),
  SIGNALBOX_DRAIN_MS: z.coerce.number().int().nonnegative().max(3_000).default(0),
  SIGNALBOX_WORKER_PORT: z.coerce.number().int().nonnegative().max(65_535).optional(),
  SIGNALBOX_WORKER_TASKS: z.coerce.number().int().positive().max(1_000).default(64),
  SIGNALBOX_PROJECT_RUNNING_MAX: z.coerce.number().int().positive().optional(),
  SIGNALBOX_UNSERVED_MS: z.coerce.number().int().min(60_000).default(86_400_000),
  SIGNALBOX_RETRY_DELAY_MS: z.coerce.number().int().nonnegative().default(1_000),
  SIGNALBOX_TASK_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .max(2 ** 31 - 1)
    .default(900_000),
  SIGNALBOX_OTLP_URL: z.url().optional(),
  SIGNALBOX_OTLP_KEY: z.string().optional(),
  SIGNALBOX_OTLP_PROJECT_KEYS: z.stringbool().default(false),
  SIGNALBOX_TELEMETRY: z.enum(["on", "off"]).default("on"),
  SIGNALBOX_GATEWAY_URL: z.url().optional(),
  SIGNALBOX_GATEWAY_KEY: z.string().optional(),
  SIGNALBOX_GATEWAY_KEY_REQUIRED: z.stringbool().optional(),
  SIGNALBOX_GATEWAY_TLS_PORT: z.coerce.number().int().positive().max(65_535).optional(),
  SIGNALBOX_GATEWAY_TLS_CERT: z.string().optional(),
  SIGNALBOX_GATEWAY_TLS_KEY: z.string().optional(),
  SIGNALBOX_GATEWAY_STREAMS_MAX: z.coerce.number().int().nonnegative().default(1_000),
  SIGNALBOX_GATEWAY_PROJECT_STREAMS_MAX: z.coerce.number().int().nonnegative().optional(),
  SIGNALBOX_GATEWAY_UNFINISHED_MAX: z.coerce.number().int().positive().default(100_000),
  SIGNALBOX_GATEWAY_PROJECT_UNFINISHED_MAX: z.coerce.number().int().positive().optional(),
  SIGNALBOX_GATEWAY_PROJECT_TASKS_PER_MINUTE: z.coerce.number().int().positive().optional(),
  SIGNALBOX_DATA_DIR: DataDir.optional(),
  SIGNALBOX_INTENT_MODEL: z.string().optional(),
  SIGNALBOX_CLASSIFIER: z.enum(["local", "llm"]).default("local"),
  SIGNALBOX_UNCLEAR: z.enum(["refuse", "llm", "person"]).default("refuse"),
  SIGNALBOX_PLANTED_FAULT: PlantedFault.optional(),
  SIGNALBOX_PLAN_MS: z.coerce.number().int().nonnegative().max(60_000).optional(),
  SIGNALBOX_LLM_URL: z.url().optional(),
  SIGNALBOX_LLM_KEY: z.string().optional(),
  SIGNALBOX_LLM_MODEL: z.string().optional(),
  SIGNALBOX_LLM_PROVIDER: z.string().default("openai"),
  SIGNALBOX_LLM_TEMPERATURE: z.coerce.number().min(0).max(2).optional(),
  SIGNALBOX_LLM_TIMEOUT_MS: z.coerce.number().int().positive().max(150_000).default(60_000),
  SIGNALBOX_LLM_DRAFTS: z.enum(["on", "off"]).default("on"),
  SIGNALBOX_LLM_RETRIES: z.coerce.number().int().nonnegative().max(10).default(3),
  SIGNALBOX_LLM_STEPS_MAX: z.coerce.number().int().positive().max(30).default(20),
  SIGNALBOX_LLM_TOKENS_MAX: z.coerce.number().int().positive().default(200_000),
  SIGNALBOX_LLM_COST_USD_MAX: z.coerce.number().positive().default(1),
  SIGNALBOX_LLM_CASSETTES: z.enum(["off", "record", "replay"]).default("off"),
  SIGNALBOX_LLM_CASSETTE_DIR: z.string().optional(),
  SIGNALBOX_LANGUAGE_URL: Endpoints.optional(),
  SIGNALBOX_MEMORY_URL: Endpoints.optional(),
  SIGNALBOX_MEMORY_OUTAGE: z.enum(["wait", "degrade"]).default("wait"),
  SIGNALBOX_MEMORY_WAIT_MS: z.coerce.number().int().nonnegative().max(600_000).default(30_000),
  SIGNALBOX_PLANNING_URL: Endpoints.optional(),
  SIGNALBOX_TOOLS_URL: Endpoints.optional(),
  SIGNALBOX_TOOLS_FILE: z.string().optional(),
  SIGNALBOX_DEMO_TASKS: z.coerce.number().int().nonnegative().max(10_000).default(0),
  SIGNALBOX_DEMO_PAUSE_MS: z.coerce.number().int().positive().default(20_000),
  SIGNALBOX_LOG_LEVEL: LogLevel,
});

/**
 * The trained intent models by version, and the data folder that holds them. `domain=version` applies to one domain, a version alone
 * (domain null) to every domain without its own. Without a model, rules understand messages.
 */
function intentModelsOf({ SIGNALBOX_INTENT_MODEL: named, SIGNALBOX_DATA_DIR: dataDir }: z.infer<typeof Env>) {
  if (named === undefined) return undefined;
  const versions = named.split(",").map((one) => {
    const [version = "", domain = null] = one.split("=", 2).reverse();
    return { domain: domain?.trim() ?? null, version: version.trim() };
  });
  if (dataDir !== undefined) return { versions, dataDir };
  throw new AppError("infrastructure", "SIGNALBOX_INTENT_MODEL names a model, and SIGNALBOX_DATA_DIR does not say where models are kept.");
}

function cassetteFolderOf({ SIGNALBOX_LLM_CASSETTE_DIR: folder, SIGNALBOX_DATA_DIR: dataDir }: z.infer<typeof Env>): string {
  if (folder !== undefined) return folder;
  if (dataDir !== undefined) return join(dataDir, "cassettes");
  throw new AppError("infrastructure", "SIGNALBOX_LLM_CASSETTES is set, and neither SIGNALBOX_LLM_CASSETTE_DIR nor SIGNALBOX_DATA_DIR is.");
}

/** Where language models are called; undefined if none is configured. A replay needs no endpoint and gets none. */
function chatOf(settings: z.infer<typeof Env>): ChatSettings | undefined {
  const { SIGNALBOX_LLM_CASSETTES: cassettes, SIGNALBOX_LLM_PROVIDER: provider, SIGNALBOX_LLM_URL: url } = settings;
  if (cassettes === "replay") return { mode: "replay", provider, folder: cassetteFolderOf(settings) };
  if (url === undefined) return undefined;
  const { SIGNALBOX_LLM_KEY: key, SIGNALBOX_LLM_TIMEOUT_MS: timeoutMs, SIGNALBOX_LLM_RETRIES: retriesMax } = settings;
  const endpoint = { url, key, provider, timeoutMs, retriesMax };
  return cassettes === "record" ? { mode: "record", endpoint, folder: cassetteFolderOf(settings) } : { mode: "live", endpoint };
}

/** The uses of models, and the limits of a task's model use. */
function llmOf(settings: z.infer<typeof Env>) {
  const chat = chatOf(settings);
  const { SIGNALBOX_LLM_MODEL: model, SIGNALBOX_LANGUAGE_URL: languageUrl, SIGNALBOX_PLANNING_URL: planningUrl } = settings;
  const isMissing = chat === undefined || model === undefined;
  if (isMissing && settings.SIGNALBOX_CLASSIFIER === "llm" && languageUrl === undefined)
    throw new AppError("infrastructure", "SIGNALBOX_CLASSIFIER=llm needs SIGNALBOX_LLM_URL and SIGNALBOX_LLM_MODEL.");
  if (isMissing && settings.SIGNALBOX_UNCLEAR === "llm" && planningUrl === undefined)
    throw new AppError("infrastructure", "SIGNALBOX_UNCLEAR=llm needs SIGNALBOX_LLM_URL and SIGNALBOX_LLM_MODEL.");
  return {
    chat,
    model,
    temperature: settings.SIGNALBOX_LLM_TEMPERATURE,
    /** Whether a reader that follows a task sees an answer while it is written. */
    isDrafting: settings.SIGNALBOX_LLM_DRAFTS === "on",
    limits: {
      steps: settings.SIGNALBOX_LLM_STEPS_MAX,
      tokens: settings.SIGNALBOX_LLM_TOKENS_MAX,
      costUsd: settings.SIGNALBOX_LLM_COST_USD_MAX,
    },
  };
}

/** The fault planted in this agent for a gate to find; null, the default, for none. */
function plantedOf({ SIGNALBOX_PLANTED_FAULT: planted, SIGNALBOX_PLAN_MS: planMs = 0 }: z.infer<typeof Env>): Planted | null {
  const fault = planted ?? null;
  if (fault === "slow" && planMs === 0)
    throw new AppError("infrastructure", "SIGNALBOX_PLANTED_FAULT=slow makes SIGNALBOX_PLAN_MS longer, which is not set.");
  return fault === null && planMs === 0 ? null : { fault, planMs };
}

/** The gateway's TLS settings; null without TLS. The three settings go together. */
function secureOf(settings: z.infer<typeof Env>) {
  const { SIGNALBOX_GATEWAY_TLS_PORT: port, SIGNALBOX_GATEWAY_TLS_CERT: cert, SIGNALBOX_GATEWAY_TLS_KEY: key } = settings;
  if (port !== undefined && cert !== undefined && key !== undefined) return { port, files: { cert, key } };
  if (port === undefined && cert === undefined && key === undefined) return null;
  const names = ["SIGNALBOX_GATEWAY_TLS_PORT", "SIGNALBOX_GATEWAY_TLS_CERT", "SIGNALBOX_GATEWAY_TLS_KEY"];
  throw new AppError("infrastructure", `${names.join(", ")} go together, and only some of them are set.`);
}

/** The first pause before memory is asked again after it did not answer, in milliseconds. */
const MEMORY_PAUSE_MS = 250;

/** The stores of memory, and what a task does while they are away. */
function memoryOf(settings: z.infer<typeof Env>, env: NodeJS.ProcessEnv) {
  const { REDIS_URL: redisUrl, SIGNALBOX_MEMORY_OUTAGE: kind, SIGNALBOX_MEMORY_WAIT_MS: waitMs } = settings;
  const outage: OutagePolicy = kind === "degrade" ? { kind } : { kind, waitMs, pauseMs: MEMORY_PAUSE_MS };
  return { redisUrl, vectorStore: vectorStoreSettings(env), embeddings: embeddingsSettings(env), outage };
}

/**
 * The listen address of this process's services; undefined is loopback. They take no keys and speak no TLS, so they are exposed only where
 * nothing else is served, as in a container of their own, whose network decides who reaches them.
 */
function serviceAddressOf({ SIGNALBOX_RUNTIME_PARTS: parts, SIGNALBOX_LISTEN_ADDRESS: address }: z.infer<typeof Env>, isSecure: boolean) {
  return parts.includes("gateway") || isSecure ? undefined : address;
}

export type Config = ReturnType<typeof loadConfig>;

/** The one reader of the environment. Throws `infrastructure` with a message that names the wrong setting. */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const settings = readEnvironment(Env, env, "the agent runtime");
  const ports = portsAt(settings.SIGNALBOX_PORT_OFFSET);
  const secure = secureOf(settings);
  // A gateway that others than local programs can reach requires keys, unless it is told otherwise.
  const isKeyRequired = settings.SIGNALBOX_GATEWAY_KEY_REQUIRED ?? settings.SIGNALBOX_LISTEN_ADDRESS !== undefined;
  const streamsMax = settings.SIGNALBOX_GATEWAY_STREAMS_MAX;
  return {
    parts: new Set<Part>(settings.SIGNALBOX_RUNTIME_PARTS),
    databaseUrl: settings.DATABASE_URL,
    queueStore: settings.REDIS_URL === undefined ? { databaseUrl: settings.DATABASE_URL } : { redisUrl: settings.REDIS_URL },
    ports: { gateway: ports.gateway, worker: settings.SIGNALBOX_WORKER_PORT ?? ports.gateway + 1, console: ports.console },
    listenAddress: settings.SIGNALBOX_LISTEN_ADDRESS,
    serviceAddress: serviceAddressOf(settings, secure !== null),
    /** Whether other processes listen on the gateway's port too; this one then serves its health on the worker's port. */
    isGatewayShared: settings.SIGNALBOX_GATEWAY_SHARED,
    drainMs: settings.SIGNALBOX_DRAIN_MS,
    otlpUrl: settings.SIGNALBOX_OTLP_URL ?? `http://127.0.0.1:${ports.otlpHttp}`,
    otlpKey: settings.SIGNALBOX_OTLP_KEY,
    /** Whether the collector knows the keys of this state store, so that a project's telemetry is sent with a key of its own. */
    hasOtlpProjectKeys: settings.SIGNALBOX_OTLP_PROJECT_KEYS,
    /** Whether spans and decisions are sent to a collector at all. Decisions are recorded in any case. */
    isTelemetryOn: settings.SIGNALBOX_TELEMETRY === "on",
    gatewayUrl: settings.SIGNALBOX_GATEWAY_URL ?? `http://127.0.0.1:${ports.gateway}`,
    gateway: {
      isKeyRequired,
      secure,
      streamsMax,
      projectStreamsMax: settings.SIGNALBOX_GATEWAY_PROJECT_STREAMS_MAX ?? (isKeyRequired ? Math.ceil(streamsMax / 4) : streamsMax),
      limits: {
        tasksMax: settings.SIGNALBOX_GATEWAY_UNFINISHED_MAX,
        projectTasksMax: settings.SIGNALBOX_GATEWAY_PROJECT_UNFINISHED_MAX ?? settings.SIGNALBOX_GATEWAY_UNFINISHED_MAX,
        projectTasksPerMinuteMax: settings.SIGNALBOX_GATEWAY_PROJECT_TASKS_PER_MINUTE ?? null,
      },
    },
    gatewayKey: settings.SIGNALBOX_GATEWAY_KEY,
    services: {
      language: settings.SIGNALBOX_LANGUAGE_URL,
      memory: settings.SIGNALBOX_MEMORY_URL,
      planning: settings.SIGNALBOX_PLANNING_URL,
      tools: settings.SIGNALBOX_TOOLS_URL,
    },
    memory: memoryOf(settings, env),
    toolSettings:
      settings.SIGNALBOX_TOOLS_FILE === undefined ? USUAL_SETTINGS : readToolSettings(settings.SIGNALBOX_TOOLS_FILE, setVariables(env)),
    intentModels: intentModelsOf(settings),
    classifier: settings.SIGNALBOX_CLASSIFIER,
    llm: llmOf(settings),
    unclear: settings.SIGNALBOX_UNCLEAR,
    planted: plantedOf(settings),
    worker: {
      tasksMax: settings.SIGNALBOX_WORKER_TASKS,
      /** How many tasks of one project all workers together may run at once; null is no limit. */
      runningMax: settings.SIGNALBOX_PROJECT_RUNNING_MAX ?? null,
      /** How long tasks wait for a version that no worker serves before they are given up, in milliseconds. */
      unservedMs: settings.SIGNALBOX_UNSERVED_MS,
      retryDelayMs: settings.SIGNALBOX_RETRY_DELAY_MS,
      /** The time limit of one attempt at a task, in milliseconds. */
      attemptMsMax: settings.SIGNALBOX_TASK_TIMEOUT_MS,
    },
    demo: { tasks: settings.SIGNALBOX_DEMO_TASKS, pauseMs: settings.SIGNALBOX_DEMO_PAUSE_MS },
    logLevel: settings.SIGNALBOX_LOG_LEVEL,
  };
}
