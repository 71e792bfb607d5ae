import { readFileSync } from "node:fs";
import { join } from "node:path";
import { countOpenTasks, createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import { portsAt } from "@signalbox/model";
import type { PartState } from "../../supervisor/parts/part.ts";
import { loopbackUrl, type PartName } from "../../supervisor/parts/parts.ts";
import type { Topology } from "../../supervisor/parts/topology.ts";
import { openStack, type StackOptions } from "../../supervisor/stack.ts";
import { storeUrls } from "../../supervisor/stores/stores.ts";
import { openBenchPlace, unlessAborted } from "../benchStack.ts";
import { openOwnRedis } from "./ownRedis.ts";

/** The store of the queue, and whether spans and decisions are delivered to a collector. */
export type RuntimeKind = { store: "postgres" | "redis"; isAllOn: boolean };

/**
 * How a runtime is started. `prepare` adds files to its data folder for its parts, and returns additional variables for their environment.
 */
export type RuntimeOptions = RuntimeKind & {
  tasksAtOnce: number;
  note: StackOptions["note"];
  signal: AbortSignal;
  topology?: Topology;
  prepare?: (dataDir: string) => Promise<Record<string, string>>;
};

/** Two workers and gateways, and two processes of every service. */
export const STAGED: Topology = { kind: "staging", copies: 2 };

/** The name, beside those of parts, of the server that keeps the queue, in PostgreSQL or Redis. */
export const QUEUE_STORE = "queue store";

/** Parts that a bare agent does not need, and those that it does not need even with everything on. */
const WITHOUT: readonly PartName[] = ["clickhouse", "collector", "controller", "console"];
const WITHOUT_ALL_ON: readonly PartName[] = ["controller", "console"];

/** The agent runtime with its stores, started as `up` does in a folder of its own. Disposing it stops the parts and removes the folder. */
export interface RuntimeStack extends AsyncDisposable {
  gatewayUrl: string;
  prisma: PrismaClient;
  /** Rejects when a part cannot be kept alive. */
  failure: Promise<never>;
  /** The current process id of a part, or of the `QUEUE_STORE`. */
  pidOf(part: string): number | undefined;
  unfinished(): Promise<number>;
  /** Whether a part, or the `QUEUE_STORE`, works. */
  works(part: string): Promise<boolean>;
}

/** The server's own process: the part is only its keeper. */
export function postgresServerPid(dataDir: string): number | undefined {
  try {
    return Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  } catch {
    return undefined;
  }
}

/** Starts a runtime of a kind. Rejects with the signal's reason when that aborts. */
export async function startRuntimeStack({
  store,
  isAllOn,
  tasksAtOnce,
  note,
  signal,
  topology,
  prepare,
}: RuntimeOptions): Promise<RuntimeStack> {
  await using opening = new AsyncDisposableStack();
  const place = openBenchPlace();
  const opened = opening.use(await place);
  const redis = store === "redis" ? opening.use(await openOwnRedis(opened.config.dataDir)) : null;
  const stores = { ...opened.config.stores, REDIS_URL: redis?.url };
  const config = { ...opened.config, stores, ...(topology === undefined ? {} : { topology }) };
  const prepared = await prepare?.(opened.config.dataDir);
  const env = {
    ...prepared,
    SIGNALBOX_WORKER_TASKS: String(tasksAtOnce),
    SIGNALBOX_TELEMETRY: isAllOn ? "on" : "off",
    // One demo task, so that the demo's world is loaded.
    SIGNALBOX_DEMO_TASKS: "1",
    SIGNALBOX_DEMO_PAUSE_MS: String(24 * 3_600_000),
  };
  const stack = opening.use(await openStack(config, { without: isAllOn ? WITHOUT_ALL_ON : WITHOUT, env, note }));
  opened.removeLast();
  await unlessAborted(signal, stack.start());
  const prisma = opening.use(createPrisma(storeUrls(config).DATABASE_URL, { connectionsMax: 2 }));
  const stateOf = (name: string): PartState | undefined => stack.states().find((part) => part.name === name);
  const doesStoreAnswer = async (): Promise<boolean> => {
    if (redis !== null) return redis.answers();
    return countOpenTasks(prisma).then(
      () => true,
      () => false,
    );
  };
  const running = opening.move();
  return {
    gatewayUrl: loopbackUrl(portsAt(config.portOffset).gateway),
    prisma,
    failure: stack.failure,
    pidOf: (part) => {
      if (part !== QUEUE_STORE) return stateOf(part)?.pid;
      return redis === null ? postgresServerPid(opened.config.dataDir) : redis.pid();
    },
    works: async (part) => (part === QUEUE_STORE ? doesStoreAnswer() : stateOf(part)?.status === "ready"),
    unfinished: () => countOpenTasks(prisma),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
