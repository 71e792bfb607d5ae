import { Endpoints, parseEndpoints } from "@signalbox/balancer";
import { AppError, checkpointKeyFile, portsAt } from "@signalbox/model";
import { z } from "zod";
import type { KeyFile } from "./checkpoints/checkpointKey.ts";

const Env = z.object({
  DATABASE_URL: z.url(),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }),
  SIGNALBOX_PORT_OFFSET: z.coerce.number().int().nonnegative().max(60_000).default(0),
  SIGNALBOX_OTLP_URL: z.url().optional(),
  SIGNALBOX_TOOLS_URL: Endpoints.optional(),
  SIGNALBOX_EVALUATIONS_PAUSE_MS: z.coerce.number().int().positive().default(500),
  SIGNALBOX_ROLLUPS_PAUSE_MS: z.coerce.number().int().positive().default(5_000),
  SIGNALBOX_ROLLOUTS_PAUSE_MS: z.coerce.number().int().positive().default(1_000),
  SIGNALBOX_DATA_DIR: z.string().optional(),
  SIGNALBOX_CHECKPOINT_SECONDS: z.coerce.number().int().positive().max(86_400).default(60),
  SIGNALBOX_CHECKPOINT_KEY: z.string().optional(),
  SIGNALBOX_CHECKPOINT_OLD_KEYS: z.string().optional(),
  SIGNALBOX_CHECKPOINT_FILE: z.string().optional(),
  SIGNALBOX_CHECKPOINT_WEBHOOK: z.url({ protocol: /^https?$/ }).optional(),
  SIGNALBOX_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

/** Where the key of checkpoints is kept; null where neither a file nor a data folder is named. */
function keyFileOf({ SIGNALBOX_CHECKPOINT_KEY: path, SIGNALBOX_DATA_DIR: dataDir }: z.infer<typeof Env>): KeyFile | null {
  if (path !== undefined) return { path, isNamed: true };
  return dataDir === undefined ? null : { path: checkpointKeyFile(dataDir), isNamed: false };
}

/** The one reader of the environment; an empty variable counts as unset. Throws `infrastructure` that names what is wrong. */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const parsed = Env.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")));
  if (!parsed.success) throw new AppError("infrastructure", `The controller's settings are wrong: ${z.prettifyError(parsed.error)}`);
  const settings = parsed.data;
  const ports = portsAt(settings.SIGNALBOX_PORT_OFFSET);
  return {
    databaseUrl: settings.DATABASE_URL,
    clickhouseUrl: settings.CLICKHOUSE_URL,
    port: ports.controller,
    consolePort: ports.console,
    otlpUrl: settings.SIGNALBOX_OTLP_URL ?? `http://127.0.0.1:${ports.otlpHttp}`,
    tools: settings.SIGNALBOX_TOOLS_URL ?? parseEndpoints(`http://127.0.0.1:${ports.gateway + 1}`),
    evaluationsPauseMs: settings.SIGNALBOX_EVALUATIONS_PAUSE_MS,
    rollupsPauseMs: settings.SIGNALBOX_ROLLUPS_PAUSE_MS,
    rolloutsPauseMs: settings.SIGNALBOX_ROLLOUTS_PAUSE_MS,
    checkpoints: {
      keyFile: keyFileOf(settings),
      oldKeysFile: settings.SIGNALBOX_CHECKPOINT_OLD_KEYS ?? null,
      pauseMs: settings.SIGNALBOX_CHECKPOINT_SECONDS * 1_000,
      targets: { file: settings.SIGNALBOX_CHECKPOINT_FILE ?? null, webhookUrl: settings.SIGNALBOX_CHECKPOINT_WEBHOOK ?? null },
    },
    logLevel: settings.SIGNALBOX_LOG_LEVEL,
  };
}
