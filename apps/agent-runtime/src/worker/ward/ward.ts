import { type ChildProcess, fork } from "node:child_process";
import type { Logger } from "pino";
import type { Run } from "../run.ts";
import { FromWard, type ToWard } from "./messages.ts";
import { openSuspectLine } from "./suspectLine.ts";

/** The module that the ward's process runs. */
const ENTRY = new URL("main.ts", import.meta.url);

/** After a ward that never could work, the next one is started so much later, in milliseconds. */
const AWAY_MS = 30_000;

/** A ward that is to end has so long before it is killed, in milliseconds. */
const END_MS_MAX = 3_000;

/**
 * A ward is looked after so often, and killed after so many looks at which it was not ready yet
 * (one is started with its worker, on a machine that may be busy), or at which one that was said
 * no word: one that lives does every second. In milliseconds.
 */
const LOOK_EVERY_MS = 1_000;
const UNREADY_LOOKS_MAX = 60;
const SILENT_LOOKS_MAX = 10;

const LOST: Run = { handled: { kind: "again", delayMs: 0 }, outcome: "lost" };

/** A process beside the worker's in which suspects run, one at a time: whoever it dies of was alone, and takes nobody along. */
export type Ward = {
  /** Resolves when the process is ready, or is known not to become so: from then on no suspect waits for its start. */
  started: Promise<void>;
  /**
   * Runs a suspect when it is its turn, sooner where its worker's death `isNew`; `full`
   * when enough wait for theirs, `away` when there can be no such process now.
   */
  run: (taskId: string, isNew?: boolean) => Promise<Run | "full" | "away">;
  /** From now on the process may be gone before its work is done, and nobody is to blame. */
  leave: () => void;
  /** Ends the process; what it has in hand may end first, for a moment. */
  close: () => Promise<void>;
};

type Settled = { kind: "ran"; run: Run } | { kind: "failed"; message: string } | { kind: "gone" };

/** A ward's process. `isReady` is false for one that was gone before it could work. */
type Attendant = { child: ChildProcess; isReady: Promise<boolean>; gone: Promise<unknown>; settled: (taskId: string) => Promise<Settled> };

/** Starts a ward's process; `onGone` hears of its end before whoever waits for it, and whether it was ready. */
function startAttendant(entry: URL, log: Logger, lookEveryMs: number, onGone: (wasReady: boolean) => void): Attendant {
  const child = fork(entry, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.unref();
  child.channel?.unref();
  const [ready, gone] = [Promise.withResolvers<boolean>(), Promise.withResolvers<void>()];
  let inHand: PromiseWithResolvers<Settled> | null = null;
  let isReady = false;
  let looks = 0;
  // Looks are counted, not seconds: a worker that was held up itself has looked once.
  const looking = setInterval(() => {
    looks += 1;
    if (looks <= (isReady ? SILENT_LOOKS_MAX : UNREADY_LOOKS_MAX)) return;
    log.error(isReady ? "the ward's process is blocked, and killed" : "the ward's process does not become ready, and is killed");
    child.kill("SIGKILL");
  }, lookEveryMs).unref();
  const end = (): void => {
    clearInterval(looking);
    ready.resolve(false);
    onGone(isReady);
    gone.resolve();
    inHand?.resolve({ kind: "gone" });
  };
  // What it sent before it died is heard first.
  child.once("exit", () => (child.connected ? child.once("disconnect", end) : end()));
  child.on("error", (error) => {
    log.warn({ err: error }, "the ward's process has a problem");
    if (child.pid === undefined) end();
  });
  child.on("message", (given) => {
    const message = FromWard.parse(given);
    if (message.kind === "ready") {
      isReady = true;
      ready.resolve(true);
    } else if (message.kind === "unable") log.warn({ why: message.message }, "the ward cannot open what it runs suspects with");
    else if (message.kind !== "alive") inHand?.resolve(message);
    // One that lives and never is ready is of no use.
    if (isReady) looks = 0;
  });
  return {
    child,
    isReady: ready.promise,
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
 * Opens the ward of a worker: its process is started at once, so that it is there when somebody dies, and again when it died. Up to
 * `suspectsMax` suspects are here at a time, each in one of the worker's slots. `entry` may be another module than the product's.
 */
export function openWard(
  log: Logger,
  suspectsMax: number,
  { entry = ENTRY, lookEveryMs = LOOK_EVERY_MS }: { entry?: URL; lookEveryMs?: number } = {},
): Ward {
  const line = openSuspectLine(suspectsMax);
  const leaving = Promise.withResolvers<"leaving">();
  let isLeaving = false;
  const first = attend();
  let attendant: Attendant | null = first;

  function attend(): Attendant {
    return startAttendant(entry, log, lookEveryMs, (wasReady) => {
      if (isLeaving) return;
      attendant = wasReady ? attend() : null;
      if (wasReady) return;
      log.error("there is no ward: suspects are alone in the worker's process");
      setTimeout(() => {
        if (!isLeaving) attendant = attend();
      }, AWAY_MS).unref();
    });
  }

  async function runNext(taskId: string): Promise<Run | "full" | "away"> {
    // Whoever waits when the worker leaves is another one's to run.
    if (isLeaving) return "full";
    if (attendant === null) return "away";
    const { isReady, settled } = attendant;
    const isThere = await Promise.race([isReady, leaving.promise]);
    if (isLeaving) return "full";
    if (!isThere) return "away";
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
    started: Promise.race([first.isReady, leaving.promise]).then(() => undefined),
    run: (taskId, isNew = false) => line(isNew, () => runNext(taskId)),
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
