import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, portsAt } from "@signalbox/model";
import type { PartState } from "../../supervisor/parts/part.ts";
import { loopbackUrl } from "../../supervisor/parts/parts.ts";
import { killGroup } from "../../supervisor/processes/killGroup.ts";
import { processStart } from "../../supervisor/processes/processIdentity.ts";
import { readRunState } from "../../supervisor/stateFile.ts";
import { type StoreUrls, storeUrls } from "../../supervisor/stores/stores.ts";
import { openBenchPlace, unlessAborted } from "../benchStack.ts";
import { openOwnRedis } from "../runtime/ownRedis.ts";
import { postgresServerPid, type RuntimeKind } from "../runtime/runtimeStack.ts";
import type { Victim } from "./killPlan.ts";

const LOOK_EVERY_MS = 50;

/** Far longer than promised. */
const ORPHAN_MS_MAX = 60_000;

/** The time for which a part outlived its supervisor, in milliseconds. */
export type Orphan = { part: string; ms: number };

/**
 * A Signalbox whose supervisor is a separate process, which is restarted on the
 * same data folder after a kill. Disposing stops all of it and removes the folder.
 */
export interface ChaosStack extends AsyncDisposable {
  gatewayUrl: string;
  dataDir: string;
  portOffset: number;
  stores: StoreUrls;
  prisma: PrismaClient;
  /** Rejects when a supervisor ends by itself: it cannot start, or not keep a part alive. */
  failure: Promise<never>;
  /** The process id of a victim, if it is running; `choice`, in [0, 1), selects among copies. */
  pidOf(victim: Victim, choice: number): number | undefined;
  /** Resolves when every part works. */
  ready(signal: AbortSignal): Promise<void>;
  /** The parts of all killed supervisors. */
  orphans(): Promise<Orphan[]>;
}

/** Starts it, with the queue in a store. `settings` are added to its parts' environment. */
export async function startChaosStack({
  store,
  settings = {},
}: Pick<RuntimeKind, "store"> & { settings?: Record<string, string> }): Promise<ChaosStack> {
  await using opening = new AsyncDisposableStack();
  const place = opening.use(await openBenchPlace());
  const { dataDir, portOffset } = place.config;
  const redis = store === "redis" ? opening.use(await openOwnRedis(dataDir)) : null;
  const config = { ...place.config, stores: { ...place.config.stores, REDIS_URL: redis?.url } };
  const stores = storeUrls(config);
  const prisma = opening.use(createPrisma(stores.DATABASE_URL, { connectionsMax: 2 }));
  const env = {
    ...process.env,
    ...{ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) },
    ...{ DATABASE_URL: "", CLICKHOUSE_URL: "", CLICKHOUSE_CLUSTER: "", REDIS_URL: redis?.url ?? "" },
    // One demo task, so that the demo's world is loaded.
    ...{ SIGNALBOX_DEMO_TASKS: "1", SIGNALBOX_DEMO_PAUSE_MS: String(24 * 3_600_000) },
    ...settings,
  };
  const supervisor = opening.use(keepSupervisor(dataDir, env));
  place.removeLast();
  const running = opening.move();

  return {
    gatewayUrl: loopbackUrl(portsAt(portOffset).gateway),
    ...{ dataDir, portOffset, stores, prisma },
    failure: supervisor.failure,
    pidOf(victim, choice) {
      if (victim === "supervisor") return supervisor.parts() === null ? undefined : supervisor.pid();
      if (victim === "queueStore" && redis !== null) return redis.pid();
      if (victim === "queueStore" || victim === "postgres") return postgresServerPid(dataDir);
      const copies = supervisor.parts()?.filter(({ name, pid }) => pid !== undefined && name.replace(/-\d+$/, "") === victim) ?? [];
      return copies[Math.floor(choice * copies.length)]?.pid;
    },
    async ready(signal) {
      const isReady = (): boolean => supervisor.parts()?.every(({ status }) => status === "ready") ?? false;
      while (!isReady()) await unlessAborted(signal, Promise.race([sleep(LOOK_EVERY_MS), supervisor.failure]));
    },
    orphans: supervisor.orphans,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Keeps a supervisor running. Disposing stops it as Ctrl-C would. */
function keepSupervisor(dataDir: string, env: NodeJS.ProcessEnv) {
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  const orphans: Promise<Orphan[]>[] = [];
  let isWanted = true;
  let child = start();

  function start(): ChildProcess {
    const started = fork(fileURLToPath(import.meta.resolve("./supervisorMain.ts")), {
      env,
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Detached, since a terminal's Ctrl-C is for this process, which then stops it: a second one
      // would make it abandon its parts, and the folder could not be removed while they write.
      detached: true,
    });
    const words = started.stderr === null ? Promise.resolve("") : text(started.stderr);
    started.once("exit", async (exitCode, signal) => {
      if (!isWanted) return;
      if (signal !== "SIGKILL") {
        const why = `The supervisor ended with ${signal ?? exitCode}: ${(await words).trim()}`;
        return failure.reject(new AppError("infrastructure", why));
      }
      orphans.push(untilGone(partsOf(started.pid) ?? []));
      child = start();
    });
    return started;
  }

  /** A supervisor's report on its parts; null before the first. */
  function partsOf(pid: number | undefined): PartState[] | null {
    const state = readRunState(dataDir);
    return state === undefined || state.pid !== pid ? null : (state.parts as PartState[]);
  }

  /** If this process exits, everything that it started ends too. */
  const killAll = (): void => {
    const parts = partsOf(child.pid)?.flatMap(({ pid }) => pid ?? []) ?? [];
    child.kill("SIGKILL");
    for (const pid of parts) killGroup(pid);
  };
  process.on("exit", killAll);

  return {
    failure: failure.promise,
    pid: () => child.pid,
    parts: () => partsOf(child.pid),
    orphans: async () => (await Promise.all(orphans)).flat(),
    async [Symbol.asyncDispose]() {
      isWanted = false;
      process.off("exit", killAll);
      await Promise.allSettled(orphans);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** Waits until parts are gone; returns how long each outlived its supervisor. Parts that never go are killed in the end. */
function untilGone(parts: readonly PartState[]): Promise<Orphan[]> {
  const startedAt = performance.now();
  const watched = parts.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid, start: processStart(pid) }]));
  return Promise.all(
    watched.map(async ({ name, pid, start }) => {
      while (start !== undefined && processStart(pid) === start) {
        if (performance.now() - startedAt > ORPHAN_MS_MAX) killGroup(pid);
        await sleep(LOOK_EVERY_MS);
      }
      return { part: name, ms: Math.round(performance.now() - startedAt) };
    }),
  );
}
