import type { TestStores } from "@signalbox/db/embedded";
import { Task, type TaskRequest } from "@signalbox/model";
import { pino } from "pino";
import { type Config, loadConfig } from "../config.ts";
import { startRuntime } from "../runtime.ts";

const DEADLINE_MS = 40_000;
const POLL_MS = 20;

/** Waits until `probe` gives something; a deadline that passes is an error that says what was awaited. */
export async function until<Value>(awaited: string, probe: () => Promise<Value | null | undefined | false>): Promise<Value> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${awaited}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The environment of a runtime on test stores. */
export function runtimeEnv(stores: TestStores, env: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: stores.databaseUrl,
    SIGNALBOX_PORT_OFFSET: String(stores.portOffset),
    SIGNALBOX_RETRY_DELAY_MS: "50",
    SIGNALBOX_LOG_LEVEL: "silent",
    ...env,
  };
}

/** A runtime in this process; leaving its scope closes it. */
export async function openTestRuntime(stores: TestStores, env: Record<string, string> = {}): Promise<AsyncDisposable & { config: Config }> {
  const config = loadConfig(runtimeEnv(stores, env));
  const runtime = await startRuntime(config, pino({ level: config.logLevel }));
  return { config, [Symbol.asyncDispose]: runtime.close };
}

/** Posts a task to the gateway. */
export async function postTask(gatewayUrl: string, request: Partial<TaskRequest>): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(new URL("/v1/tasks", gatewayUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Waits until a task is done or dead. */
export async function finished(gatewayUrl: string, id: string): Promise<Task> {
  return until(`the end of task ${id}`, async () => {
    const task = Task.parse(await (await fetch(new URL(`/v1/tasks/${id}`, gatewayUrl))).json());
    return task.status === "done" || task.status === "dead" ? task : null;
  });
}
