import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId, type TaskRequest } from "@signalbox/model";
import { WORLD } from "../taskSource.ts";

const SERVER = fileURLToPath(new URL("poisonServer.ts", import.meta.url));
const TOOL = "swallow";

/**
 * Adds settings to a data folder that give the airline's agent a tool that kills its worker; returns variables for the parts' environment.
 */
export async function withPoison(dataDir: string): Promise<Record<string, string>> {
  const path = join(dataDir, "poison.json");
  const poison = { command: process.execPath, args: [SERVER, TOOL], tools: { airline: [TOOL] } };
  writeFileSync(path, JSON.stringify({ mcpServers: { poison } }));
  // Workers execute tools themselves: only a child of their own knows which of them runs the task.
  return { SIGNALBOX_TOOLS_FILE: path, SIGNALBOX_TOOLS_URL: "" };
}

/** A task whose first call is of that tool. */
export function poisonTask(): TaskRequest & { id: string } {
  const toolCall = { id: "call-1", name: `poison.${TOOL}`, arguments: {} };
  return {
    ...{ id: newId(), name: "Kill the worker", message: "Swallow this.", project: "default", domain: "airline", world: WORLD, tags: [] },
    planner: { kind: "recorded", model: "none", provider: "none", system: "", turns: [{ role: "assistant", content: null, toolCall }] },
  };
}
