import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePortOffset } from "@signalbox/db/embedded";
import { portsAt } from "@signalbox/model";
import { aFolder } from "./aFolder.ts";
import { untilTrue } from "./untilTrue.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** How long a collector may take to come up on a busy machine. */
const START_DEADLINE_MS = 60_000;

/** A data folder and a port, for a collector and for those that are started after it. The folder goes with the test. */
export async function aPlace() {
  const place = await aFolder();
  const portOffset = await freePortOffset();
  return {
    dataDir: place.folder,
    portOffset,
    url: `http://127.0.0.1:${portsAt(portOffset).otlpHttp}`,
    grpcUrl: `http://127.0.0.1:${portsAt(portOffset).otlpGrpc}`,
    tlsUrl: `https://127.0.0.1:${portsAt(portOffset).otlpTls}`,
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  };
}

export type Place = Awaited<ReturnType<typeof aPlace>>;

/** Starts `main.ts` in a process of its own; leaving the scope kills it. */
export function startCollectorProcess(place: Place, env: Record<string, string>) {
  const settings = { SIGNALBOX_DATA_DIR: place.dataDir, SIGNALBOX_PORT_OFFSET: String(place.portOffset), ...env };
  const child = fork(MAIN, { env: { ...process.env, ...settings }, stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] });
  const exited = once(child, "exit");
  let words = "";
  child.stderr?.on("data", (chunk) => {
    words += chunk;
  });

  /** Ends it with a signal; answers its exit code, null where the signal killed it. */
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  }

  return {
    child,
    end,
    /** Its exit code, once it has ended by itself. */
    async exitCode(): Promise<number | null> {
      await exited;
      return child.exitCode;
    },
    /** What it has written to stderr. */
    words: () => words,
    async untilListening(): Promise<void> {
      await untilTrue(() => {
        if (child.exitCode !== null) throw new Error(`the collector has ended: ${words}`);
        return words.includes("the collector listens");
      }, START_DEADLINE_MS);
    },
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
    },
  };
}
