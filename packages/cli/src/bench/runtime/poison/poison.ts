import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { listOpenAttempts, type PrismaClient } from "@signalbox/db/prisma";
import { newId, type TaskRequest } from "@signalbox/model";
import { WORLD } from "../taskSource.ts";

const SERVER = fileURLToPath(new URL("poisonServer.ts", import.meta.url));
const TOOL = "swallow";
const LOOK_EVERY_MS = 20;

/**
 * Adds settings to a data folder that give the airline's agent a tool that never answers; returns variables for the parts' environment.
 */
export async function withPoison(dataDir: string): Promise<Record<string, string>> {
  const path = join(dataDir, "poison.json");
  const poison = { command: process.execPath, args: [SERVER, TOOL], tools: { airline: [TOOL] } };
  writeFileSync(path, JSON.stringify({ mcpServers: { poison } }));
  return { SIGNALBOX_TOOLS_FILE: path };
}

/** A task whose first call is of that tool. */
export function poisonTask(): TaskRequest & { id: string } {
  const toolCall = { id: "call-1", name: `poison.${TOOL}`, arguments: {} };
  return {
    ...{ id: newId(), name: "Kill the worker", message: "Swallow this.", project: "default", domain: "airline", world: WORLD, tags: [] },
    planner: { kind: "recorded", model: "none", provider: "none", system: "", turns: [{ role: "assistant", content: null, toolCall }] },
  };
}

/** The process id in a worker's name: `host:pid:chance`. */
function pidOf(worker: string): number {
  return Number(worker.split(":").at(-2));
}

/**
 * Kills whichever process runs a task, a worker or its ward, each time that one does, until the signal aborts: to the
 * runtime, the task is one that kills its worker. The tool that it waits for is in another process and cannot know which that is.
 */
export async function killWhoeverRuns(prisma: PrismaClient, taskId: string, signal: AbortSignal): Promise<void> {
  const killed = new Set<string>();
  while (!signal.aborted) {
    // The store may be away just now.
    const attempts = await listOpenAttempts(prisma, taskId).catch(() => []);
    for (const { worker } of attempts) {
      if (killed.has(worker)) continue;
      killed.add(worker);
      try {
        process.kill(pidOf(worker), "SIGKILL");
      } catch {
        // Another kill was quicker.
      }
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
