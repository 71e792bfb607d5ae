import { fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listAgentVersions } from "@signalbox/db/prisma";
import { AppError, type PlantedFault } from "@signalbox/model";
import { REPOSITORY_ROOT } from "../../config.ts";
import { machineEnvironment } from "../../supervisor/processes/partEnvironment.ts";
import type { ChaosStack } from "../chaos/chaosStack.ts";

/**
 * The mean duration of a planner's move in every version, in milliseconds: rules alone take no measurable time that could be 30 % longer.
 */
export const PLAN_MS = 250;

const LOOK_EVERY_MS = 250;

/** The time that a stopped worker has for the tasks that it holds, in milliseconds. */
const END_MS_MAX = 5_000;

const VERSIONS_MAX = 100;

/** A worker with a planted fault, beside those of a stack. Disposing ends it. */
export interface PlantedWorker extends AsyncDisposable {
  /** The version that it runs as. */
  version: string;
  /** Rejects when it ends by itself. */
  failure: Promise<never>;
}

/** Starts a worker with a planted fault, on the stores of a stack; resolves when its version is registered. */
export async function startPlantedWorker(stack: ChaosStack, fault: PlantedFault, signal: AbortSignal): Promise<PlantedWorker> {
  const log = openSync(join(stack.dataDir, "logs", `planted-${fault}.log`), "a");
  const child = fork(join(REPOSITORY_ROOT, "apps", "agent-runtime", "src", "main.ts"), {
    env: {
      ...machineEnvironment(process.env),
      ...{ DATABASE_URL: stack.stores.DATABASE_URL, SIGNALBOX_DATA_DIR: stack.dataDir, SIGNALBOX_PORT_OFFSET: String(stack.portOffset) },
      ...{ SIGNALBOX_RUNTIME_PARTS: "worker", SIGNALBOX_WORKER_PORT: "0" },
      ...{ SIGNALBOX_PLANTED_FAULT: fault, SIGNALBOX_PLAN_MS: String(PLAN_MS) },
    },
    execArgv: [],
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const exit = once(child, "exit");
  const failure = exit.then(([code, by]): never => {
    throw new AppError("infrastructure", `The worker with ${fault} planted ended by itself (${by ?? code}).`);
  });
  failure.catch(() => {});
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    // Ctrl-C reaches the stores too, and a worker whose store is gone waits for it with the tasks that it holds.
    const late = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
    await exit;
    clearTimeout(late);
  };
  try {
    const version = await Promise.race([versionWith(stack, fault, signal), failure]);
    return { version, failure, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The version with a planted fault, once it is registered; for `null` the one without a fault. */
export async function versionWith({ prisma }: ChaosStack, fault: PlantedFault | null, signal: AbortSignal): Promise<string> {
  for (;;) {
    const versions = await listAgentVersions(prisma, VERSIONS_MAX);
    const found = versions.find(({ manifest: { planted } }) => planted !== undefined && planted.fault === fault);
    if (found !== undefined) return found.name;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
