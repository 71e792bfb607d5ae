import { join } from "node:path";
import { handoverFolder } from "@signalbox/db/embedded";
import { errorMessage, portsAt } from "@signalbox/model";
import type { Config } from "../config.ts";
import { openDataFolder } from "./dataFolder/dataFolder.ts";
import { type FolderLock, folderLocked, lockHolder, tryLock } from "./dataFolder/folderLock.ts";
import { requireRestored } from "./dataFolder/unfinishedRestore.ts";
import type { Part, PartState, Step } from "./parts/part.ts";
import { loopbackUrl, type PartName, partOf, partRows, wantedPorts } from "./parts/parts.ts";
import type { Topology } from "./parts/topology.ts";
import { topologyEnv } from "./parts/topologyRows.ts";
import { requireFreePorts } from "./ports/portCheck.ts";
import { Supervisor } from "./processes/supervisor.ts";
import { type RunState, removeRunState, writeRunState } from "./stateFile.ts";
import { agentKeyOf, keySteps, tasksKeyOf } from "./stores/keySteps.ts";
import { schemaSteps } from "./stores/schemaSteps.ts";
import { requireStores } from "./stores/storeCheck.ts";
import { type StoreUrls, storeUrls } from "./stores/stores.ts";

/** Parts of a killed supervisor are gone within five seconds, on a busy machine somewhat later. */
const ORPHANS_GONE_MS = 12_000;

const PROTOTYPE: Topology = { kind: "prototype" };

/** Why a roll stopped at a part, as the continuation of its name. */
const WHY = {
  "not ready": "does not become ready",
  "only copy": "is the only one of its copies that works, and was not ended",
} as const;

/** Options of a stack. */
export interface StackOptions {
  /** Parts that are left out. */
  without?: readonly PartName[];
  /** Additional variables of the parts' environment. */
  env?: Readonly<Record<string, string>>;
  /** Starts the stores alone, as they are, complete or not: their content is up to the caller. */
  isBare?: boolean;
  /** A line for the person at the terminal. */
  note: (line: string) => void;
}

/**
 * A whole Signalbox under this process. Disposing it stops the parts in
 * order and releases the data folder; an exit of this process kills them.
 */
export interface Stack extends AsyncDisposable {
  /** Starts every part; resolves when all are ready. */
  start(): Promise<void>;
  /** Rejects when a part cannot be kept alive. */
  failure: Promise<never>;
  states(): PartState[];
  /** Replaces the parts that run in copies, one by one; the state file shows the result. A roll that is under way is not started again. */
  roll(): Promise<void>;
}

/** The addresses of everything, for the environment of every part. */
function partEnv(config: Config, stores: StoreUrls): Record<string, string> {
  const { dataDir, portOffset } = config;
  const ports = portsAt(portOffset);
  const [agentKey, tasksKey] = [agentKeyOf(config), tasksKeyOf(config)];
  return {
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_PORT_OFFSET: String(portOffset),
    SIGNALBOX_OTLP_URL: loopbackUrl(ports.otlpHttp),
    SIGNALBOX_OTLP_PROJECT_KEYS: "on",
    SIGNALBOX_GATEWAY_URL: loopbackUrl(ports.gateway),
    SIGNALBOX_CONTROLLER_URL: loopbackUrl(ports.controller),
    DATABASE_URL: stores.DATABASE_URL,
    CLICKHOUSE_URL: stores.CLICKHOUSE_URL,
    ...(config.stores.CLICKHOUSE_URL === undefined ? { SIGNALBOX_CLICKHOUSE_HANDOVER: handoverFolder(dataDir) } : {}),
    ...(agentKey === undefined ? {} : { SIGNALBOX_OTLP_KEY: agentKey }),
    ...(tasksKey === undefined ? {} : { SIGNALBOX_GATEWAY_KEY: tasksKey }),
    ...(stores.REDIS_URL === undefined ? {} : { REDIS_URL: stores.REDIS_URL }),
    ...topologyEnv(config.topology ?? PROTOTYPE, portOffset),
  };
}

/** Locks the data folder for this process. `fromTheDead`: the supervisor before this one was killed. */
function takeFolder(dataDir: string): { lock: FolderLock; fromTheDead: boolean } {
  openDataFolder(dataDir);
  const attempt = tryLock(join(dataDir, "lock"));
  if (attempt.kind === "held") throw folderLocked(dataDir, attempt.pid);
  return attempt;
}

/** The process that runs a Signalbox on a data folder, if one does. */
export function runningStack(dataDir: string): number | undefined {
  return lockHolder(join(dataDir, "lock"));
}

/**
 * Prepares a stack: folder, ports and stores are checked, and the folder is locked from then on. Throws a readable error for an obstacle.
 */
export async function openStack(config: Config, options: StackOptions): Promise<Stack> {
  await requireStores(config.stores);
  const { dataDir, portOffset } = config;
  const { lock, fromTheDead } = takeFolder(dataDir);
  try {
    if (!options.isBare) requireRestored(dataDir);
    const stores = storeUrls(config);
    const env = { ...partEnv(config, stores), ...options.env };
    const rows = partRows(config, options.without);
    const parts = rows.map((row) => partOf(row, { portOffset, stores, env }));
    await requireFreePorts(wantedPorts(rows, portOffset), fromTheDead ? ORPHANS_GONE_MS : 0);
    const steps = options.isBare ? [] : [...schemaSteps(config, stores, options.without), ...keySteps(config, stores)];
    return runStack(config, [...parts, ...steps], lock, options.note);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function runStack(
  { dataDir, portOffset, topology = PROTOTYPE }: Config,
  members: readonly (Part | Step)[],
  lock: FolderLock,
  note: StackOptions["note"],
): Stack {
  const startedAt = new Date().toISOString();
  let isReady = false;
  let roll: RunState["roll"];
  const tell = (parts: readonly PartState[]): void => {
    try {
      writeRunState(dataDir, { pid: process.pid, startedAt, ready: isReady, portOffset, topology, roll, parts: [...parts] });
    } catch (error) {
      // The parts work without it: a full disk must not stop them all because their state cannot be written.
      note(`The state of the parts cannot be written: ${errorMessage(error)}`);
    }
  };
  const supervisor = new Supervisor({ members, logDir: join(dataDir, "logs"), note, changed: tell });
  const leave = (): void => {
    supervisor.kill();
    removeRunState(dataDir);
    lock.release();
  };
  process.on("exit", leave);
  tell(supervisor.states);

  return {
    async start() {
      await supervisor.start();
      isReady = true;
      tell(supervisor.states);
    },
    failure: supervisor.failure,
    states: () => supervisor.states,
    async roll() {
      if (roll?.status === "rolling") return;
      const count = (roll?.count ?? 0) + 1;
      roll = { count, status: "rolling" };
      tell(supervisor.states);
      const outcome = await supervisor.roll();
      // The caller of a roll sees the state file disappear.
      if (outcome.kind === "stopping") return;
      roll =
        outcome.kind === "done" ? { count, status: "done" } : { count, status: "failed", failedPart: outcome.part, why: WHY[outcome.kind] };
      tell(supervisor.states);
    },
    async [Symbol.asyncDispose]() {
      await supervisor.stop();
      leave();
      process.off("exit", leave);
    },
  };
}
