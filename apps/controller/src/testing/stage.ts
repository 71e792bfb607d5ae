import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { createPrisma, listTaskRecords, type PrismaClient, type TaskRecord } from "@signalbox/db/prisma";
import { newId, portsAt, type TaskRequest } from "@signalbox/model";
import { until } from "@signalbox/model/testing";
import { loadConfig } from "../config.ts";

export { until };

/** A process of the product; disposing it kills it. */
export function startApp(app: string, env: Record<string, string>): AsyncDisposable & { process: ChildProcess } {
  const entry = new URL(`../../../${app}/src/main.ts`, import.meta.url);
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = fork(entry, { env: { PATH, NODE_COMPILE_CACHE, ...env }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const gone = once(child, "exit");
  return {
    process: child,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/**
 * Real stores and a running agent whose tools the controller calls; the demo's world is loaded, and `demoTasks` of its tasks are posted.
 */
export async function openStage(demoTasks: number) {
  await using opening = new AsyncDisposableStack();
  const stores = opening.use(await startTestStores());
  const env = {
    DATABASE_URL: stores.databaseUrl,
    CLICKHOUSE_URL: stores.clickhouseUrl,
    SIGNALBOX_PORT_OFFSET: String(stores.portOffset),
    SIGNALBOX_LOG_LEVEL: "error",
    SIGNALBOX_EVALUATIONS_PAUSE_MS: "50",
  };
  const config = loadConfig(env);
  const gatewayUrl = `http://127.0.0.1:${portsAt(stores.portOffset).gateway}`;
  const prisma: PrismaClient = opening.use(createPrisma(stores.databaseUrl));
  const clickhouse = opening.adopt(createClickHouse(stores.clickhouseUrl), (client) => client.close());
  opening.use(startApp("agent-runtime", { ...env, SIGNALBOX_DEMO_TASKS: String(demoTasks), SIGNALBOX_DEMO_PAUSE_MS: "600000" }));
  await until("the agent", async () => (await fetch(`${gatewayUrl}/readyz`).catch(() => null))?.ok);
  const running = opening.move();

  return {
    config,
    prisma,
    clickhouse,
    url: `http://127.0.0.1:${config.port}`,
    /** Starts a controller in a process of its own, ready to answer. */
    async startController() {
      const controller = startApp("controller", env);
      await until("the controller", async () => (await fetch(`http://127.0.0.1:${config.port}/readyz`).catch(() => null))?.ok);
      return controller;
    },
    /** Posts a task and waits for its end. */
    async runTask(request: Partial<TaskRequest>): Promise<TaskRecord> {
      const id = newId();
      const body = JSON.stringify({ id, name: "a task", domain: "airline", world: "demo", ...request });
      const answer = await fetch(`${gatewayUrl}/v1/tasks`, { method: "POST", headers: { "content-type": "application/json" }, body });
      if (!answer.ok) throw new Error(await answer.text());
      return this.finished(id);
    },
    /** Waits for the end of a task. */
    finished: (id: string): Promise<TaskRecord> =>
      until(`the end of task ${id}`, async () => {
        const [task] = await listTaskRecords(prisma, [id]);
        return task?.finishedUs === null ? null : task;
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
