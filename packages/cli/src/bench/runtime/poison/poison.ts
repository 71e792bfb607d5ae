import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { listAttemptsAt, type PrismaClient } from "@signalbox/db/prisma";
import { newId, type TaskRequest } from "@signalbox/model";
import { WORLD } from "../taskSource.ts";

const SERVER = fileURLToPath(new URL("poisonServer.ts", import.meta.url));
const TOOL = "swallow";
const LOOK_EVERY_MS = 20;

/** The process id in a worker's name: `host:pid:chance`. */
function pidOf(worker: string): number {
  return Number(worker.split(":").at(-2));
}

/** Deaths after which a task is to be given up: as often as that it kills. */
const DEATHS_MAX = { alone: 2, all: 3 };

/**
 * A task that kills the process which runs it, a worker or its ward, until it is to be given up. Its tool, which never
 * answers, is in another process and does not know which that is: the process is killed from here.
 */
export function openPoison() {
  const toolCall = { id: "call-1", name: `poison.${TOOL}`, arguments: {} };
  const task: TaskRequest & { id: string } = {
    ...{ id: newId(), name: "Kill the worker", message: "Swallow this.", project: "default", domain: "airline", world: WORLD, tags: [] },
    planner: { kind: "recorded", model: "none", provider: "none", system: "", turns: [{ role: "assistant", content: null, toolCall }] },
  };

  return {
    task,

    /** Puts settings into a data folder by which the airline's agent has the tool; answers what the parts find in their environment. */
    prepare: async (dataDir: string): Promise<Record<string, string>> => {
      const path = join(dataDir, "poison.json");
      const poison = { command: process.execPath, args: [SERVER, TOOL], tools: { airline: [TOOL] } };
      writeFileSync(path, JSON.stringify({ mcpServers: { poison } }));
      return { SIGNALBOX_TOOLS_FILE: path };
    },

    /**
     * Kills whoever runs the task from when it is among the `accepted`, until the signal aborts. If nobody gives it up, nobody is killed
     * any more: the tool's call times out and the task ends like any other, without a dead letter for killing.
     */
    killWhoeverRuns: async (prisma: PrismaClient, accepted: ReadonlySet<string>, signal: AbortSignal): Promise<void> => {
      const pause = () => sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      while (!signal.aborted && !accepted.has(task.id)) await pause();
      const killed = new Set<string>();
      while (!signal.aborted) {
        // The store may be away just now.
        const attempts = await listAttemptsAt(prisma, task.id).catch(() => []);
        const lost = attempts.filter(({ outcome }) => outcome === "lost");
        const isToGo = lost.length >= DEATHS_MAX.all || lost.filter(({ isAlone }) => isAlone).length >= DEATHS_MAX.alone;
        const underWay = isToGo ? [] : attempts.filter(({ outcome, worker }) => outcome === null && !killed.has(worker));
        for (const { worker } of underWay) {
          killed.add(worker);
          kill(pidOf(worker));
        }
        await pause();
      }
    },
  };
}

/** Kills a process, unless another kill was quicker. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}
