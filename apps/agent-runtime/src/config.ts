import { AppError, portsAt } from "@signalbox/model";
import { z } from "zod";
import { readToolSettings, USUAL_SETTINGS } from "./services/tools/toolSettings.ts";

/** What a process of the runtime can do; one process may do several. */
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
  SIGNALBOX_PORT_OFFSET: z.coerce.number().int().min(-2_000).max(60_000).default(0),
  SIGNALBOX_WORKER_PORT: z.coerce.number().int().nonnegative().max(65_535).optional(),
  SIGNALBOX_WORKER_TASKS: z.coerce.number().int().positive().max(1_000).default(16),
  SIGNALBOX_RETRY_DELAY_MS: z.coerce.number().int().nonnegative().default(1_000),
  SIGNALBOX_OTLP_URL: z.url().optional(),
  SIGNALBOX_OTLP_KEY: z.string().optional(),
  SIGNALBOX_GATEWAY_URL: z.url().optional(),
  SIGNALBOX_DATA_DIR: z.string().optional(),
  SIGNALBOX_INTENT_MODEL: z.string().optional(),
  SIGNALBOX_LANGUAGE_URL: z.url().optional(),
  SIGNALBOX_MEMORY_URL: z.url().optional(),
  SIGNALBOX_PLANNING_URL: z.url().optional(),
  SIGNALBOX_TOOLS_URL: z.url().optional(),
  SIGNALBOX_TOOLS_FILE: z.string().optional(),
  SIGNALBOX_DEMO_TASKS: z.coerce.number().int().nonnegative().max(10_000).default(0),
  SIGNALBOX_DEMO_PAUSE_MS: z.coerce.number().int().positive().default(20_000),
  SIGNALBOX_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

/**
 * The models that understand messages, by their versions, and the data folder that they are kept in: `domain=version` is for a domain, a version alone (domain null)
 * for every one that has none of its own. Where there is no model, rules understand messages.
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

/** The settings of a process of the runtime. */
export type Config = ReturnType<typeof loadConfig>;

/** The one reader of the environment; an empty variable counts as unset. Throws `invalid_input` that names what is wrong. */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = Env.safeParse(set);
  if (!parsed.success) throw new AppError("infrastructure", `The runtime's settings are wrong: ${z.prettifyError(parsed.error)}`);
  const settings = parsed.data;
  const ports = portsAt(settings.SIGNALBOX_PORT_OFFSET);
  return {
    parts: new Set<Part>(settings.SIGNALBOX_RUNTIME_PARTS),
    databaseUrl: settings.DATABASE_URL,
    queueStore: settings.REDIS_URL === undefined ? { databaseUrl: settings.DATABASE_URL } : { redisUrl: settings.REDIS_URL },
    ports: { gateway: ports.gateway, worker: settings.SIGNALBOX_WORKER_PORT ?? ports.gateway + 1, console: ports.console },
    otlpUrl: settings.SIGNALBOX_OTLP_URL ?? `http://127.0.0.1:${ports.otlpHttp}`,
    otlpKey: settings.SIGNALBOX_OTLP_KEY,
    gatewayUrl: settings.SIGNALBOX_GATEWAY_URL ?? `http://127.0.0.1:${ports.gateway}`,
    services: {
      language: settings.SIGNALBOX_LANGUAGE_URL,
      memory: settings.SIGNALBOX_MEMORY_URL,
      planning: settings.SIGNALBOX_PLANNING_URL,
      tools: settings.SIGNALBOX_TOOLS_URL,
    },
    toolSettings: settings.SIGNALBOX_TOOLS_FILE === undefined ? USUAL_SETTINGS : readToolSettings(settings.SIGNALBOX_TOOLS_FILE, set),
    intentModels: intentModelsOf(settings),
    worker: { tasksMax: settings.SIGNALBOX_WORKER_TASKS, retryDelayMs: settings.SIGNALBOX_RETRY_DELAY_MS },
    demo: { tasks: settings.SIGNALBOX_DEMO_TASKS, pauseMs: settings.SIGNALBOX_DEMO_PAUSE_MS },
    logLevel: settings.SIGNALBOX_LOG_LEVEL,
  };
}
