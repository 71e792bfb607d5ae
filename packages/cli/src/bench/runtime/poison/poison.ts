import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { listOpenAttempts, type PrismaClient } from "@signalbox/db/prisma";
import { newId, type TaskRequest } from "@signalbox/model";
import { WORLD } from "../taskSource.ts";

const SERVER = fileURLToPath(new URL("poisonServer.ts", import.meta.url));
const TOOL = "swallow";
const LOOK_EVERY_MS = 20;

/** The process id in a worker's name: `host:pid:chance`. */
function pidOf(worker: string): number {
  return Number(worker.split(":").at(-2));
}

/** How often the tool was called, by the file in which it notes that. */
function callsIn(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").length : 0;
}

/**
 * A task that kills the process which runs it, a worker or its ward, each time that one does. Its tool, which never answers,
 * may be in another process and does not know which that is: it notes that it was called, and the process is killed from here.
 */
export function openPoison() {
  let file = "";
  const toolCall = { id: "call-1", name: `poison.${TOOL}`, arguments: {} };
  const task: TaskRequest & { id: string } = {
    ...{ id: newId(), name: "Kill the worker", message: "Swallow this.", project: "default", domain: "airline", world: WORLD, tags: [] },
    planner: { kind: "recorded", model: "none", provider: "none", system: "", turns: [{ role: "assistant", content: null, toolCall }] },
  };

  return {
    task,

    /** Puts settings into a data folder by which the airline's agent has the tool; answers what the parts find in their environment. */
    prepare: async (dataDir: string): Promise<Record<string, string>> => {
      file = join(dataDir, "poison.calls");
      const path = join(dataDir, "poison.json");
      const poison = { command: process.execPath, args: [SERVER, TOOL, file], tools: { airline: [TOOL] } };
      writeFileSync(path, JSON.stringify({ mcpServers: { poison } }));
      return { SIGNALBOX_TOOLS_FILE: path };
    },

    /** Kills whoever runs the task when its tool is called, until the signal aborts. */
    killWhoeverRuns: async (prisma: PrismaClient, signal: AbortSignal): Promise<void> => {
      for (let killed = 0; !signal.aborted; ) {
        const calls = callsIn(file);
        // The store may be away just now.
        const attempts = calls > killed ? await listOpenAttempts(prisma, task.id).catch(() => []) : [];
        for (const { worker } of attempts) {
          killed = calls;
          kill(pidOf(worker));
        }
        await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
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
