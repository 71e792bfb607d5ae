import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { portsAt, sha256 } from "@signalbox/model";

/** A store's process under test. Disposing ends it, as a supervisor would. */
export interface StoreProcess extends AsyncDisposable {
  child: ChildProcess;
  /** Its output on stderr, up to a limit. */
  words: () => string;
  /** Sends a signal and waits for the end; resolves to the exit code, null after a signal that killed it. */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** The time limit for a store to come up on a busy machine. */
const START_DEADLINE_MS = 60_000;

const WORDS_MAX = 16_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/**
 * Offsets that put PostgreSQL's port (54329) above Linux's ephemeral ports (32768 to 60999), which are busy at random. No two
 * of our ports are a multiple of the stride apart, so that two Signalboxes want a common port only if their offsets are equal.
 */
const OFFSETS = { first: 6_700, stride: 59, count: 75 };

/** Each of the four test workers draws from every fourth offset, so that none probes a port that another is about to listen on. */
const WORKERS = 4;

/** A port offset at which all of our ports are free right now; a process other than this worker's may still take one. */
export async function freePortOffset(): Promise<number> {
  const first = OFFSETS.first + (Number.parseInt(sha256(import.meta.dirname).slice(0, 8), 16) % OFFSETS.stride);
  const { VITEST_POOL_ID } = process.env;
  for (;;) {
    const drawn = Math.floor(Math.random() * OFFSETS.count);
    if (VITEST_POOL_ID !== undefined && drawn % WORKERS !== Number(VITEST_POOL_ID) % WORKERS) continue;
    const offset = first + drawn * OFFSETS.stride;
    const free = await Promise.all(Object.values(portsAt(offset)).map(isFree));
    if (free.every(Boolean)) return offset;
  }
}

/** Forks a store's process without waiting for it. */
export function forkStore(entry: string, env: Readonly<Record<string, string>>): StoreProcess {
  const child = fork(entry, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe", "ipc"], detached: true, execArgv: [] });
  let words = "";
  child.stderr?.on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-WORDS_MAX);
  });
  const exited = once(child, "exit");
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return {
    child,
    words: () => words,
    end,
    [Symbol.asyncDispose]: async () => {
      await end("SIGTERM");
    },
  };
}

/** Forks a store's process and waits until `isReady`. Its output is shown when it dies before that. */
export async function startStore(
  entry: string,
  env: Readonly<Record<string, string>>,
  isReady: () => Promise<boolean>,
): Promise<StoreProcess> {
  const store = forkStore(entry, env);
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isReady())) {
    if (store.child.exitCode !== null || Date.now() > deadline) throw new Error(`${entry} did not start: ${store.words()}`);
    await delay(20);
  }
  return store;
}
