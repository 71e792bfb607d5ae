import { type ChildProcess, fork } from "node:child_process";
import type { Logger } from "pino";
import type { Run } from "../run.ts";
import { FromWard, type ToWard } from "./messages.ts";
import { openSuspectLine } from "./suspectLine.ts";

/** The module that the ward's process runs. */
const ENTRY = new URL("main.ts", import.meta.url);

/** How long after a ward that never became ready, or that ends again and again, the next one is started, in milliseconds. */
const AWAY_MS = 30_000;

/**
 * The length of a short life of a ward, in milliseconds from when it was ready, and the number of them in a row, without a suspect, up to
 * which the next ward is started at once.
 */
const SHORT_LIFE_MS = 10_000;
const SHORT_LIVES_MAX = 3;

/** How long a ward has to end before it is killed, in milliseconds. */
const END_MS_MAX = 3_000;

/**
 * How often the worker looks for a sign of life, in milliseconds. A ward that is not ready yet is awaited for `AWAITED_LOOKS_MAX` looks,
 * which is less than the time that a supervisor or a container's health check gives the worker. It is killed after `UNREADY_LOOKS_MAX` (it
 * starts with its worker, perhaps on a busy machine), or, once ready, after `SILENT_LOOKS_MAX` looks without the message that it sends
 * every second.
 */
const LOOK_EVERY_MS = 1_000;
const AWAITED_LOOKS_MAX = 15;
const UNREADY_LOOKS_MAX = 60;
const SILENT_LOOKS_MAX = 10;

const LOST: Run = { handled: { kind: "again", delayMs: 0 }, outcome: "lost" };

/** A process beside the worker's in which suspects run one at a time: a suspect that kills it ran alone and takes no other task with it. */
export type Ward = {
  /** Resolves when the process is ready, or is awaited no longer: from then on no suspect waits for its start. */
  started: Promise<void>;
  /**
   * Runs a suspect in its turn, which is sooner if it is the first of those that died with the process `diedWith`; `full` if enough are
   * waiting, `away` if there can be no such process now.
   */
  run: (taskId: string, diedWith?: string) => Promise<Run | "full" | "away">;
  /** Announces that the process may exit before its work is done, without blame for any task. */
  leave: () => void;
  /** Ends the process; a running suspect gets a moment to end first. */
  close: () => Promise<void>;
};

type Settled = { kind: "ran"; run: Run } | { kind: "failed"; message: string } | { kind: "gone" };

/** A ward's process. `awaited` resolves when it is ready, has ended, or has taken too long to be waited for. */
type Attendant = {
  child: ChildProcess;
  awaited: Promise<unknown>;
  isReady: () => boolean;
  gone: Promise<unknown>;
  settled: (taskId: string) => Promise<Settled>;
};

/** The end of a ward's process. `readyMs` is for how long it was ready, in milliseconds; null if it never was. */
type End = { exitCode: number | null; signal: NodeJS.Signals | null; readyMs: number | null };

/** Starts a ward's process, which is awaited for a number of looks; `onGone` is called at its end, before anything that waits for it. */
function startAttendant(entry: URL, log: Logger, lookEveryMs: number, awaitedLooks: number, onGone: (end: End) => void): Attendant {
  const child = fork(entry, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.unref();
  child.channel?.unref();
  const [awaited, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let inHand: PromiseWithResolvers<Settled> | null = null;
  let readyAtMs: number | null = null;
  let looks = 0;
  if (awaitedLooks === 0) awaited.resolve();
  // Looks are counted instead of seconds: a worker that was itself held up has looked only once.
  const looking = setInterval(() => {
    looks += 1;
    const isReady = readyAtMs !== null;
    if (looks >= awaitedLooks) awaited.resolve();
    if (looks <= (isReady ? SILENT_LOOKS_MAX : UNREADY_LOOKS_MAX)) return;
    log.error(isReady ? "the ward's process is blocked, and killed" : "the ward's process does not become ready, and is killed");
    child.kill("SIGKILL");
  }, lookEveryMs).unref();
  const end = (): void => {
    clearInterval(looking);
    onGone({ exitCode: child.exitCode, signal: child.signalCode, readyMs: readyAtMs === null ? null : performance.now() - readyAtMs });
    awaited.resolve();
    gone.resolve();
    inHand?.resolve({ kind: "gone" });
  };
  // Messages that it sent before it died are handled first.
  child.once("exit", () => (child.connected ? child.once("disconnect", end) : end()));
  child.on("error", (error) => {
    log.warn({ err: error }, "the ward's process has a problem");
    if (child.pid === undefined) end();
  });
  child.on("message", (given) => {
    const message = FromWard.parse(given);
    if (message.kind === "ready") {
      readyAtMs = performance.now();
      awaited.resolve();
    } else if (message.kind === "unable") log.warn({ why: message.message }, "the ward cannot open what it runs suspects with");
    else if (message.kind !== "alive") inHand?.resolve(message);
    // A process that lives but never becomes ready is of no use.
    if (readyAtMs !== null) looks = 0;
  });
  return {
    child,
    awaited: awaited.promise,
    isReady: () => readyAtMs !== null,
    gone: gone.promise,
    settled: (taskId) => {
      const asked = Promise.withResolvers<Settled>();
      inHand = asked;
      if (!child.connected) return Promise.resolve({ kind: "gone" });
      child.send({ kind: "run", taskId } satisfies ToWard, (error) => {
        if (error !== null) asked.resolve({ kind: "gone" });
      });
      return asked.promise;
    },
  };
}

/**
 * Opens a worker's ward. Its process is started at once, so that it exists when a task becomes a suspect, and again after it died. Where
 * that is of no use it is tried again later, and nobody waits for it. It holds up to `suspectsMax` suspects at a time, each in one of the
 * worker's slots. `entry` may be another module than the product's.
 */
export function openWard(
  log: Logger,
  suspectsMax: number,
  { entry = ENTRY, lookEveryMs = LOOK_EVERY_MS, awayMs = AWAY_MS }: { entry?: URL; lookEveryMs?: number; awayMs?: number } = {},
): Ward {
  const line = openSuspectLine(suspectsMax);
  const leaving = Promise.withResolvers<"leaving">();
  let isLeaving = false;
  let shortLives = 0;
  const first = attend(AWAITED_LOOKS_MAX);
  let attendant: Attendant | null = first;

  function attend(awaitedLooks: number): Attendant {
    return startAttendant(entry, log, lookEveryMs, awaitedLooks, ({ exitCode, signal, readyMs }) => {
      if (isLeaving) return;
      log.warn({ exitCode, signal }, "the ward's process has ended");
      shortLives = readyMs !== null && readyMs < SHORT_LIFE_MS ? shortLives + 1 : 0;
      attendant = readyMs !== null && shortLives <= SHORT_LIVES_MAX ? attend(AWAITED_LOOKS_MAX) : null;
      if (attendant !== null) return;
      log.error("there is no ward: suspects are alone in the worker's process");
      setTimeout(() => {
        if (!isLeaving) attendant = attend(0);
      }, awayMs).unref();
    });
  }

  async function runNext(taskId: string): Promise<Run | "full" | "away"> {
    // A suspect that waits when the worker leaves is left to another worker.
    if (isLeaving) return "full";
    if (attendant === null) return "away";
    const { awaited, isReady, settled } = attendant;
    await Promise.race([awaited, leaving.promise]);
    if (isLeaving) return "full";
    if (!isReady()) return "away";
    // A ward that dies of a suspect is of use.
    shortLives = 0;
    const end = await settled(taskId);
    if (end.kind === "gone") return LOST;
    if (end.kind === "ran") return end.run;
    throw new Error(`the ward could not run a task: ${end.message}`);
  }

  function leave(): void {
    isLeaving = true;
    leaving.resolve("leaving");
  }

  return {
    started: Promise.race([first.awaited, leaving.promise]).then(() => undefined),
    run: (taskId, diedWith = "") => line(diedWith, () => runNext(taskId)),
    leave: () => {
      leave();
      if (attendant?.child.connected) attendant.child.send({ kind: "leave" } satisfies ToWard);
    },
    close: async () => {
      leave();
      if (attendant === null) return;
      const { child, gone } = attendant;
      if (child.connected) child.disconnect();
      child.ref();
      const killing = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
      await gone;
      clearTimeout(killing);
    },
  };
}
