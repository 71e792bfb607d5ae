import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { portsAt } from "@signalbox/model";
import type { TestConsole } from "./testConsole.ts";

const ENTRY = join(import.meta.dirname, "../../../agent-runtime/src/main.ts");
const START_DEADLINE_MS = 60_000;

/** The agent runtime as a process of its own on a console's stores: it takes tasks in, does them, and does replays. Leaving its scope closes its channel, on which it ends by itself. */
export type AgentRuntime = AsyncDisposable & {
  /** Asks for a task at the gateway, as any client does. */
  ask: (request: { id: string; message: string; world: string; [field: string]: unknown }) => Promise<void>;
};

/** Starts the runtime, and waits until its gateway answers. */
export async function startAgentRuntime({
  databaseUrl,
  portOffset,
}: Pick<TestConsole, "databaseUrl" | "portOffset">): Promise<AgentRuntime> {
  const { PATH, NODE_ENV, NODE_COMPILE_CACHE } = process.env;
  const env = {
    ...{ PATH, NODE_ENV, NODE_COMPILE_CACHE, DATABASE_URL: databaseUrl, SIGNALBOX_PORT_OFFSET: String(portOffset) },
    ...{ SIGNALBOX_RUNTIME_PARTS: "gateway,worker", SIGNALBOX_TELEMETRY: "off", SIGNALBOX_LOG_LEVEL: "error" },
    SIGNALBOX_RETRY_DELAY_MS: "10",
  };
  const child = fork(ENTRY, { env, execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${portsAt(portOffset).gateway}`;
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error("the agent runtime did not start");
    await delay(50);
  }
  return {
    ask: async (request) => {
      const body = JSON.stringify({ domain: "airline", ...request });
      const answer = await fetch(`${url}/v1/tasks`, { method: "POST", headers: { "content-type": "application/json" }, body });
      if (!answer.ok) throw new Error(`the gateway answered ${answer.status}: ${await answer.text()}`);
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
