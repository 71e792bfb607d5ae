import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createSignalboxClient } from "@signalbox/api/client";
import { freePortOffset } from "@signalbox/db/embedded";

/** The root of the repository. */
export const root = join(import.meta.dirname, "../../../..");

const command = join(root, "packages/cli/src/main.ts");

/** A whole Signalbox with ports and a folder of its own. Disposing it stops it and deletes the folder. */
export interface RunningSignalbox extends AsyncDisposable {
  consoleUrl: string;
  portOffset: number;
  client: ReturnType<typeof createSignalboxClient>;
  /** Runs a CLI command against it; returns its output, which must be one JSON document. */
  run: (...args: string[]) => Promise<unknown>;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the command has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("signalbox ready ")) return line.slice("signalbox ready ".length);
  }
  throw new Error("Signalbox did not start");
}

/** Starts everything except the demo, like `./signalbox up`, with `env` in addition to this process's environment. */
export async function startSignalbox(env: Record<string, string> = {}): Promise<RunningSignalbox> {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-"));
  const portOffset = await freePortOffset();
  const place = ["--data-dir", dataDir, "--port-offset", String(portOffset)];
  const child = spawn(process.execPath, [command, "up", "--no-demo", ...place], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const consoleUrl = await readyUrl(child);
  return {
    consoleUrl,
    portOffset,
    client: createSignalboxClient(`${consoleUrl}/api/trpc`),
    run: (...args) =>
      new Promise((resolve, reject) => {
        execFile(process.execPath, [command, ...args, ...place, "--json"], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
          if (stdout === "") reject(error);
          else resolve(JSON.parse(stdout));
        });
      }),
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.kill("SIGINT");
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
