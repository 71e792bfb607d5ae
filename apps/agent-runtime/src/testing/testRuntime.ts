import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { TestStores } from "@signalbox/db/embedded";
import { Task, type TaskRequest } from "@signalbox/model";
import { until } from "@signalbox/model/testing";
import { pino } from "pino";
import { type Config, loadConfig } from "../config.ts";
import { startRuntime } from "../runtime.ts";
import { openCollectorStub } from "./collectorStub.ts";

export { until };

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

/** A runtime in this process, with a collector that accepts everything; disposing it closes both. */
export async function openTestRuntime(stores: TestStores, env: Record<string, string> = {}): Promise<AsyncDisposable & { config: Config }> {
  await using opening = new AsyncDisposableStack();
  const collector = opening.use(await openCollectorStub(() => 200));
  const config = loadConfig(runtimeEnv(stores, { SIGNALBOX_OTLP_URL: collector.url, ...env }));
  opening.adopt(await startRuntime(config, pino({ level: config.logLevel })), ({ close }) => close());
  const running = opening.move();
  return { config, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** A runtime in a process of its own, ready to work; disposing it kills it. `entry` may be another module than the product's. */
export async function forkRuntime(
  env: Record<string, string>,
  entry = new URL("../main.ts", import.meta.url),
): Promise<AsyncDisposable & { process: ChildProcess; kill: () => Promise<void> }> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = fork(entry, { env: { PATH, NODE_COMPILE_CACHE, ...env }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const gone = once(child, "exit");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  return { process: child, kill, [Symbol.asyncDispose]: kill };
}

/** Posts a task to the gateway. */
export async function postTask(
  gatewayUrl: string,
  request: Partial<TaskRequest>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; retryAfter: string | null }> {
  const answer = await fetch(new URL("/v1/tasks", gatewayUrl), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(request),
  });
  return { status: answer.status, body: await answer.json(), retryAfter: answer.headers.get("retry-after") };
}

/** Waits until a task is done or dead. */
export async function finished(gatewayUrl: string, id: string): Promise<Task> {
  return until(`the end of task ${id}`, async () => {
    const task = Task.parse(await (await fetch(new URL(`/v1/tasks/${id}`, gatewayUrl))).json());
    return task.status === "done" || task.status === "dead" ? task : null;
  });
}
