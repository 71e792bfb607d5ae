import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { Endpoints, parseEndpoints } from "@signalbox/balancer";
import {
  AppError,
  checkpointKeyFile,
  DataDir,
  DEFAULT_PROJECT,
  LogLevel,
  PortOffset,
  ProjectName,
  portsAt,
  readEnvironment,
} from "@signalbox/model";
import { z } from "zod";
import type { KeyFile } from "./checkpoints/checkpointKey.ts";
import type { GithubConfig } from "./deliveryTools/github/githubConfig.ts";

/** The gates of environments with another name than their gate: `production=support-agent,staging=other`. */
const Gates = z
  .string()
  .regex(/^[^=,]+=[a-z0-9-]+(,[^=,]+=[a-z0-9-]+)*$/, "is made of environment=gate, with commas between")
  .transform((text) => new Map(text.split(",").map((pair) => pair.split("=") as [string, string])));

const Env = z.object({
  DATABASE_URL: z.url(),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }),
  SIGNALBOX_PORT_OFFSET: PortOffset,
  SIGNALBOX_OTLP_URL: z.url().optional(),
  SIGNALBOX_TOOLS_URL: Endpoints.optional(),
  SIGNALBOX_EVALUATIONS_PAUSE_MS: z.coerce.number().int().positive().default(500),
  SIGNALBOX_ROLLUPS_PAUSE_MS: z.coerce.number().int().positive().default(5_000),
  SIGNALBOX_ROLLOUTS_PAUSE_MS: z.coerce.number().int().positive().default(1_000),
  SIGNALBOX_DATA_DIR: DataDir.optional(),
  SIGNALBOX_CHECKPOINT_SECONDS: z.coerce.number().int().positive().max(86_400).default(60),
  SIGNALBOX_CHECKPOINT_KEY: z.string().optional(),
  SIGNALBOX_CHECKPOINT_OLD_KEYS: z.string().optional(),
  SIGNALBOX_CHECKPOINT_FILE: z.string().optional(),
  SIGNALBOX_CHECKPOINT_WEBHOOK: z.url({ protocol: /^https?$/ }).optional(),
  SIGNALBOX_GATES_ADDRESS: z.union([z.ipv4(), z.ipv6()]).optional(),
  SIGNALBOX_GATES_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  SIGNALBOX_GITHUB_API_URL: z
    .url({ protocol: /^https$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .default("https://api.github.com"),
  SIGNALBOX_GITHUB_APP_ID: z.string().optional(),
  SIGNALBOX_GITHUB_APP_KEY_FILE: z.string().optional(),
  SIGNALBOX_GITHUB_WEBHOOK_SECRET: z.string().min(16, "is too short for a secret").optional(),
  SIGNALBOX_GITHUB_PROJECT: ProjectName.default(DEFAULT_PROJECT),
  SIGNALBOX_GITHUB_GATES: Gates.default(new Map()),
  SIGNALBOX_LOG_LEVEL: LogLevel,
});

/** The GitHub App that answers deployments, or null if none is configured. An incomplete configuration is an error. */
function githubOf(settings: z.infer<typeof Env>): GithubConfig | null {
  const {
    SIGNALBOX_GITHUB_APP_ID: appId,
    SIGNALBOX_GITHUB_APP_KEY_FILE: keyFile,
    SIGNALBOX_GITHUB_WEBHOOK_SECRET: webhookSecret,
  } = settings;
  if (appId === undefined && keyFile === undefined && webhookSecret === undefined) return null;
  if (appId === undefined || keyFile === undefined || webhookSecret === undefined)
    throw new AppError(
      "infrastructure",
      "A GitHub App needs SIGNALBOX_GITHUB_APP_ID, SIGNALBOX_GITHUB_APP_KEY_FILE and SIGNALBOX_GITHUB_WEBHOOK_SECRET.",
    );
  return {
    ...{ apiUrl: settings.SIGNALBOX_GITHUB_API_URL, appId, appKey: appKeyIn(keyFile), webhookSecret },
    ...{ project: settings.SIGNALBOX_GITHUB_PROJECT, gates: settings.SIGNALBOX_GITHUB_GATES },
  };
}

/** Reads an App's private key, and checks it now rather than when a deployment waits. */
function appKeyIn(path: string): string {
  try {
    const key = readFileSync(path, "utf8");
    createPrivateKey(key);
    return key;
  } catch (cause) {
    throw new AppError("infrastructure", `The GitHub App's private key ${path} cannot be read as PEM.`, { cause });
  }
}

/** The file of the checkpoint key; null if neither it nor a data folder is configured. */
function keyFileOf({ SIGNALBOX_CHECKPOINT_KEY: path, SIGNALBOX_DATA_DIR: dataDir }: z.infer<typeof Env>): KeyFile | null {
  if (path !== undefined) return { path, isNamed: true };
  return dataDir === undefined ? null : { path: checkpointKeyFile(dataDir), isNamed: false };
}

/** The one reader of the environment. Throws `infrastructure` with a message that names the wrong setting. */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const settings = readEnvironment(Env, env, "the controller");
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
    gates:
      settings.SIGNALBOX_GATES_ADDRESS === undefined
        ? null
        : { address: settings.SIGNALBOX_GATES_ADDRESS, port: settings.SIGNALBOX_GATES_PORT ?? ports.controller + 1 },
    github: githubOf(settings),
    logLevel: settings.SIGNALBOX_LOG_LEVEL,
  };
}
