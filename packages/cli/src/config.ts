import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, portsAt } from "@signalbox/model";
import { z } from "zod";
import { COPIES_MAX, type Topology } from "./supervisor/parts/topology.ts";

/** The root of the repository that this command was started from. */
export const REPOSITORY_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The largest offset that leaves every port in TCP's range. */
const PORT_OFFSET_MAX = 65_535 - Math.max(...Object.values(portsAt(0)));

/** So many copies of each service there are in staging, unless told otherwise: one to serve while the other is replaced. */
const COPIES = 2;

/** What a store's URL must start with, by the variable that names it. */
const STORE_PROTOCOLS = {
  DATABASE_URL: ["postgresql:", "postgres:"],
  CLICKHOUSE_URL: ["http:", "https:"],
  REDIS_URL: ["redis:", "rediss:"],
} as const;

/** A variable that replaces an embedded store by an external one. */
export type StoreVariable = keyof typeof STORE_PROTOCOLS;

/** Where this Signalbox lives and what it uses from outside. URLs may hold passwords: print them through `redactUrl`. */
export interface Config {
  dataDir: string;
  portOffset: number;
  /** Whether the collector takes nothing without a key. */
  isKeyRequired: boolean;
  /** Whether the gateway takes nothing without a key. */
  isGatewayKeyRequired: boolean;
  stores: Readonly<Record<StoreVariable, string | undefined>>;
  /** How the agent runtime is spread over processes; as a prototype unless it says otherwise. */
  topology?: Topology;
  /** The cluster of which `CLICKHOUSE_URL` names a server. */
  clickhouseCluster?: string | undefined;
}

/** What flags of a command put before the environment. */
export interface ConfigFlags {
  dataDir?: string | undefined;
  portOffset?: string | undefined;
  topology?: string | undefined;
  copies?: number | undefined;
}

const PortOffset = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(PORT_OFFSET_MAX));

const isSet = (text: string | undefined): text is string => text !== undefined && text.trim() !== "";

function portOffsetOf(text: string | undefined, source: string): number {
  if (!isSet(text)) return 0;
  const offset = PortOffset.safeParse(text);
  if (!offset.success) throw new AppError("invalid_input", `${source} is a whole number from 0 to ${PORT_OFFSET_MAX}, not "${text}".`);
  return offset.data;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a store's URL, as the end of a sentence that tells nothing of its content; undefined when nothing is. */
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
  if (!isSet(text)) return undefined;
  const why = whyNoStoreUrl(variable, text);
  if (why === undefined) return text;
  throw new AppError("infrastructure", `${variable} ${why}.`, { hint: `Correct ${variable}, or unset it to use the embedded store.` });
}

function keyRequiredOf(variable: string, text: string | undefined, otherwise = false): boolean {
  if (!isSet(text)) return otherwise;
  const isRequired = z.stringbool().safeParse(text);
  if (isRequired.success) return isRequired.data;
  throw new AppError("infrastructure", `${variable} is true or false, not "${text}".`);
}

function clusterOf({ CLICKHOUSE_CLUSTER: name, CLICKHOUSE_URL: url }: NodeJS.ProcessEnv): string | undefined {
  if (!isSet(name)) return undefined;
  if (isSet(url)) return name;
  throw new AppError("infrastructure", "CLICKHOUSE_CLUSTER is set, and the embedded store is no cluster.", {
    hint: "Set CLICKHOUSE_URL to one of its servers, or unset CLICKHOUSE_CLUSTER.",
  });
}

function topologyOf(kind: string, copies: string): Topology {
  if (kind === "prototype") return { kind };
  if (kind !== "staging") throw new AppError("invalid_input", `The topology is prototype or staging, not "${kind}".`);
  const count = Number(copies);
  if (/^\d+$/.test(copies) && count >= 1 && count <= COPIES_MAX) return { kind, copies: count };
  throw new AppError("invalid_input", `There are 1 to ${COPIES_MAX} copies of each service, not "${copies}".`);
}

/**
 * The one reader of the environment; flags go before it, and an empty variable counts as unset. Throws what is wrong with which of them.
 */
export function loadConfig(env: NodeJS.ProcessEnv, flags: ConfigFlags = {}): Config {
  const dataDir = [flags.dataDir, env.SIGNALBOX_DATA_DIR].find(isSet);
  return {
    dataDir: dataDir === undefined ? resolve(REPOSITORY_ROOT, ".signalbox") : resolve(dataDir),
    portOffset: isSet(flags.portOffset)
      ? portOffsetOf(flags.portOffset, "--port-offset")
      : portOffsetOf(env.SIGNALBOX_PORT_OFFSET, "SIGNALBOX_PORT_OFFSET"),
    isKeyRequired: keyRequiredOf("SIGNALBOX_COLLECTOR_KEY_REQUIRED", env.SIGNALBOX_COLLECTOR_KEY_REQUIRED),
    // As the gateway reads it: what others than this machine's own programs reach takes nothing without a key, unless it is told to.
    isGatewayKeyRequired: keyRequiredOf(
      "SIGNALBOX_GATEWAY_KEY_REQUIRED",
      env.SIGNALBOX_GATEWAY_KEY_REQUIRED,
      isSet(env.SIGNALBOX_LISTEN_ADDRESS),
    ),
    clickhouseCluster: clusterOf(env),
    topology: topologyOf(
      [flags.topology, env.SIGNALBOX_TOPOLOGY].find(isSet) ?? "prototype",
      [flags.copies?.toString(), env.SIGNALBOX_COPIES].find(isSet) ?? String(COPIES),
    ),
    stores: {
      DATABASE_URL: storeUrlOf("DATABASE_URL", env.DATABASE_URL),
      CLICKHOUSE_URL: storeUrlOf("CLICKHOUSE_URL", env.CLICKHOUSE_URL),
      REDIS_URL: storeUrlOf("REDIS_URL", env.REDIS_URL),
    },
  };
}
