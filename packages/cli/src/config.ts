import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, DataDir, issuesText, PortOffset, readEnvironment } from "@signalbox/model";
import { z } from "zod";
import { COPIES_MAX, type Topology } from "./supervisor/parts/topology.ts";

/** The root of the repository that this command was started from. */
export const REPOSITORY_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The default number of copies of each service in staging: one serves while the other is replaced. */
const COPIES = 2;

/** The allowed protocols of a store's URL, by the variable that names it. */
const STORE_PROTOCOLS = {
  DATABASE_URL: ["postgresql:", "postgres:"],
  CLICKHOUSE_URL: ["http:", "https:"],
  REDIS_URL: ["redis:", "rediss:"],
} as const;

/** A variable that replaces an embedded store by an external one. */
export type StoreVariable = keyof typeof STORE_PROTOCOLS;

/** The location of this Signalbox and the external stores it uses. URLs may hold passwords: print them through `redactUrl`. */
export interface Config {
  dataDir: string;
  portOffset: number;
  /** Whether the collector refuses requests without a key. */
  isKeyRequired: boolean;
  /** Whether the gateway refuses requests without a key. */
  isGatewayKeyRequired: boolean;
  stores: Readonly<Record<StoreVariable, string | undefined>>;
  /** The distribution of the agent runtime over processes; default: prototype. */
  topology?: Topology;
  /** The cluster to which the server of `CLICKHOUSE_URL` belongs. */
  clickhouseCluster?: string | undefined;
}

/** Flags of a command that override the environment. */
export interface ConfigFlags {
  dataDir?: string | undefined;
  portOffset?: string | undefined;
  topology?: string | undefined;
  copies?: number | undefined;
}

const Copies = z
  .string()
  .regex(/^[1-9]$/, `it has to be a whole number from 1 to ${COPIES_MAX}`)
  .transform(Number);

/** The variables that this command reads; the stores' URLs are checked further below. */
const Env = z.object({
  SIGNALBOX_DATA_DIR: DataDir.default(resolve(REPOSITORY_ROOT, ".signalbox")),
  SIGNALBOX_PORT_OFFSET: PortOffset,
  SIGNALBOX_TOPOLOGY: z.enum(["prototype", "staging"]).default("prototype"),
  SIGNALBOX_COPIES: Copies.default(COPIES),
  SIGNALBOX_COLLECTOR_KEY_REQUIRED: z.stringbool().default(false),
  SIGNALBOX_GATEWAY_KEY_REQUIRED: z.stringbool().optional(),
  SIGNALBOX_LISTEN_ADDRESS: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  CLICKHOUSE_URL: z.string().optional(),
  CLICKHOUSE_CLUSTER: z.string().optional(),
  REDIS_URL: z.string().optional(),
});

/** The flags of `ConfigFlags`, each with the variable that it overrides. */
const FLAGS = {
  dataDir: ["--data-dir", "SIGNALBOX_DATA_DIR"],
  portOffset: ["--port-offset", "SIGNALBOX_PORT_OFFSET"],
  topology: ["--topology", "SIGNALBOX_TOPOLOGY"],
  copies: ["--copies", "SIGNALBOX_COPIES"],
} as const satisfies Record<keyof ConfigFlags, readonly [flag: string, variable: keyof typeof Env.shape]>;

/** The environment with the flags' values. Throws `invalid_input` naming the flag of an invalid value. */
function withFlags(env: NodeJS.ProcessEnv, flags: ConfigFlags): NodeJS.ProcessEnv {
  const said: NodeJS.ProcessEnv = {};
  for (const [name, [flag, variable]] of Object.entries(FLAGS)) {
    const text = flags[name as keyof ConfigFlags]?.toString();
    if (text === undefined || text.trim() === "") continue;
    const { error } = Env.shape[variable].safeParse(text);
    if (error !== undefined) throw new AppError("invalid_input", `${flag} cannot be "${text}": ${issuesText(error)}.`);
    said[variable] = text;
  }
  return { ...env, ...said };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The fault of a store's URL, as the end of a sentence that reveals nothing of it; undefined where there is none. */
function whyNoStoreUrl(variable: StoreVariable, text: string): string | undefined {
  const protocols: readonly string[] = STORE_PROTOCOLS[variable];
  const url = URL.parse(text);
  if (url === null || !protocols.includes(url.protocol))
    return `is not a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
  if (url.hostname === "") return "names no host";
  if (![url.username, url.password, url.pathname].every(isDecodable)) return "has a % that is no escape (a % itself is written %25)";
  if (variable === "DATABASE_URL" && url.pathname.length <= 1) return "names no database (it stands after the host: …/signalbox)";
  return undefined;
}

function storeUrlOf(variable: StoreVariable, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const why = whyNoStoreUrl(variable, text);
  if (why === undefined) return text;
  throw new AppError("infrastructure", `${variable} ${why}.`, { hint: `Correct ${variable}, or unset it to use the embedded store.` });
}

function clusterOf({ CLICKHOUSE_CLUSTER: name, CLICKHOUSE_URL: url }: z.output<typeof Env>): string | undefined {
  if (name === undefined || url !== undefined) return name;
  throw new AppError("infrastructure", "CLICKHOUSE_CLUSTER is set, and the embedded store is no cluster.", {
    hint: "Set CLICKHOUSE_URL to one of its servers, or unset CLICKHOUSE_CLUSTER.",
  });
}

/**
 * The only reader of the environment; flags override it, and an empty variable counts as
 * unset. Throws `invalid_input` for a faulty flag, `infrastructure` for a faulty variable.
 */
export function loadConfig(env: NodeJS.ProcessEnv, flags: ConfigFlags = {}): Config {
  const settings = readEnvironment(Env, withFlags(env, flags), "this Signalbox");
  const { SIGNALBOX_TOPOLOGY: kind, SIGNALBOX_COPIES: copies } = settings;
  return {
    dataDir: settings.SIGNALBOX_DATA_DIR,
    portOffset: settings.SIGNALBOX_PORT_OFFSET,
    isKeyRequired: settings.SIGNALBOX_COLLECTOR_KEY_REQUIRED,
    // As in the gateway: if other machines can reach it, it requires a key unless told otherwise.
    isGatewayKeyRequired: settings.SIGNALBOX_GATEWAY_KEY_REQUIRED ?? settings.SIGNALBOX_LISTEN_ADDRESS !== undefined,
    clickhouseCluster: clusterOf(settings),
    topology: kind === "staging" ? { kind, copies } : { kind },
    stores: {
      DATABASE_URL: storeUrlOf("DATABASE_URL", settings.DATABASE_URL),
      CLICKHOUSE_URL: storeUrlOf("CLICKHOUSE_URL", settings.CLICKHOUSE_URL),
      REDIS_URL: storeUrlOf("REDIS_URL", settings.REDIS_URL),
    },
  };
}
