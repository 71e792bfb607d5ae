import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { portsAt } from "@signalbox/model";

const START_DEADLINE_MS = 60_000;
const ENTRY = join(import.meta.dirname, "../main.ts");

/** The built console on empty real stores. `end` of the scope stops all of it. */
export type TestConsole = AsyncDisposable & { url: string; clickhouse: ReturnType<typeof createClickHouse> };

/** Whether the console answers that it is ready. */
async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Starts stores and console on free ports. Takes seconds: one for a test file, each test in a project or trace of its own. */
export async function startTestConsole(): Promise<TestConsole> {
  const stores = await startTestStores();
  const { console: port } = portsAt(stores.portOffset);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    CLICKHOUSE_URL: stores.clickhouseUrl,
    SIGNALBOX_PORT_OFFSET: String(stores.portOffset),
    SIGNALBOX_LOG_LEVEL: "warn",
  };
  const child = fork(ENTRY, { env, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let words = "";
  child.stderr?.on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the console did not start: ${words}`);
    await delay(50);
  }
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  return {
    url,
    clickhouse,
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
      await clickhouse.close();
      await stores[Symbol.asyncDispose]();
    },
  };
}
