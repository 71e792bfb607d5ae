import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { portsAt } from "@signalbox/model";

const START_DEADLINE_MS = 60_000;
const ENTRY = join(import.meta.dirname, "../main.ts");

/** Store URLs at which nothing listens. */
export const NO_STORES = { clickhouseUrl: "http://127.0.0.1:9/signalbox", databaseUrl: "postgresql://nobody@127.0.0.1:9/signalbox" };

/** The built console, run as the supervisor runs it. Disposing it closes its channel, which ends it. */
export type ConsoleProcess = AsyncDisposable & { url: string; port: number; child: ChildProcess };

/** Whether the console answers at all. */
async function isAlive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

/** The console's ports, stores and collector. */
type Where = { clickhouseUrl: string; databaseUrl: string; portOffset: number; otlpUrl?: string | undefined };

/** Starts the console without waiting for it; `words` is the end of its stderr. */
export function forkConsole({ clickhouseUrl, databaseUrl, portOffset, otlpUrl }: Where) {
  const env = {
    ...process.env,
    CLICKHOUSE_URL: clickhouseUrl,
    DATABASE_URL: databaseUrl,
    SIGNALBOX_PORT_OFFSET: String(portOffset),
    SIGNALBOX_LOG_LEVEL: "warn",
    ...(otlpUrl === undefined ? {} : { SIGNALBOX_OTLP_URL: otlpUrl }),
  };
  const child = fork(ENTRY, { env, execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let words = "";
  child.stderr?.on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  const exitCode = once(child, "exit").then(([code]: unknown[]) => code);
  return { child, exitCode, words: () => words };
}

/** Starts the console on the ports given by the offset, and waits until it answers. */
export async function startConsole(where: Where): Promise<ConsoleProcess> {
  const { child, exitCode, words } = forkConsole(where);
  const { console: port } = portsAt(where.portOffset);
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isAlive(url))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the console did not start: ${words()}`);
    await delay(50);
  }
  return {
    url,
    port,
    child,
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exitCode;
    },
  };
}
