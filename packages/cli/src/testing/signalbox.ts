import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { freePortOffset } from "@signalbox/db/embedded";
import { portsAt } from "@signalbox/model";
import { type RunState, readRunState } from "../supervisor/stateFile.ts";
import { until } from "./processes.ts";

const MAIN = fileURLToPath(import.meta.resolve("../main.ts"));

/** The time limit of a start on a busy machine. */
const READY_MS_MAX = 120_000;

/** The result of a command. */
interface CommandEnd {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

/** A place for a Signalbox: a data folder of its own, on free ports. Disposing removes the folder. */
export interface Place extends Disposable {
  dataDir: string;
  portOffset: number;
}

/** Makes a place. */
export async function newPlace(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-e2e-"));
  const portOffset = await freePortOffset();
  return { dataDir, portOffset, [Symbol.dispose]: () => rmSync(dataDir, { recursive: true, force: true }) };
}

/**
 * Starts the command as a person would, with nothing of this process's environment but PATH, the
 * compile cache's location, and the variable that says whose ports a benchmark may take.
 */
export function spawnSignalbox(
  { dataDir, portOffset }: Omit<Place, typeof Symbol.dispose>,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const { PATH = "", NODE_COMPILE_CACHE, VITEST_POOL_ID } = process.env;
  const own = { PATH, NODE_COMPILE_CACHE, VITEST_POOL_ID, SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) };
  return spawn(process.execPath, [MAIN, ...args], { env: { ...own, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs the command to its end. */
export async function runSignalbox(
  place: Omit<Place, typeof Symbol.dispose>,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<CommandEnd> {
  const child = spawnSignalbox(place, args, env);
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { stdout, stderr, exitCode };
}

/** A running Signalbox. Disposing stops it as Ctrl-C would. */
export interface RunningSignalbox extends AsyncDisposable {
  process: ChildProcess;
  /** The first line that it printed on stdout. */
  readyLine: string;
}

/** The state file of the Signalbox at a place. */
export function stateAt({ dataDir }: Place): RunState {
  const state = readRunState(dataDir);
  if (state === undefined) throw new Error(`there is no state file in ${dataDir}`);
  return state;
}

/** Starts `signalbox up` and waits until it reports ready. */
export async function upSignalbox(place: Place, args: readonly string[] = [], env: Record<string, string> = {}): Promise<RunningSignalbox> {
  const child = spawnSignalbox(place, ["up", ...args], env);
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const exit = once(child, "exit");
  const readyLine = await Promise.race([
    once(child.stdout, "data", { signal: AbortSignal.timeout(READY_MS_MAX) }).then(([line]) => String(line).trimEnd()),
    exit.then(([code]) => {
      throw new Error(`signalbox up ended with ${code}: ${stderr}`);
    }),
  ]);
  return {
    process: child,
    readyLine,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
      await exit;
    },
  };
}

/** Kills a part with SIGKILL and waits until its supervisor has started another process in its place. */
export async function killPart(place: Place, part: string): Promise<void> {
  const partNow = () => stateAt(place).parts.find(({ name }) => name === part);
  const pid = partNow()?.pid;
  if (pid === undefined) throw new Error(`${part} does not run`);
  process.kill(pid, "SIGKILL");
  await until(`${part} is back`, 60_000, () => partNow()?.status === "ready" && partNow()?.pid !== pid);
}

/** The console's URL at a place. */
export function consoleUrl({ portOffset }: Place): string {
  return `http://127.0.0.1:${portsAt(portOffset).console}`;
}
