import { type ChildProcess, fork } from "node:child_process";
import type { Logger } from "pino";
import type { Run } from "../run.ts";
import { FromWard, type ToWard } from "./messages.ts";
import { openSuspectLine } from "./suspectLine.ts";

/** The module that the ward's process runs. */
const ENTRY = new URL("main.ts", import.meta.url);

/** How long after a ward that never became ready the next one is started, in milliseconds. */
const AWAY_MS = 30_000;

/** How long a ward has to end before it is killed, in milliseconds. */
const END_MS_MAX = 3_000;

/**
 * How often the worker looks for a sign of life, in milliseconds. The ward is killed after `UNREADY_LOOKS_MAX` looks at which it was not
 * ready yet (it starts with its worker, perhaps on a busy machine), or, once ready, after `SILENT_LOOKS_MAX` looks without the message that
 * it sends every second.
 */
const LOOK_EVERY_MS = 1_000;
const UNREADY_LOOKS_MAX = 60;
const SILENT_LOOKS_MAX = 10;

const LOST: Run = { handled: { kind: "again", delayMs: 0 }, outcome: "lost" };

/** A process beside the worker's in which suspects run one at a time: a suspect that kills it ran alone and takes no other task with it. */
export type Ward = {
  /** Resolves when the process is ready, or is known not to become so: from then on no suspect waits for its start. */
  started: Promise<void>;
  /**
   * Runs a suspect in its turn, which is sooner if its worker's death `isNew`; `full` if enough are waiting, `away` if there can be no such
   * process now.
   */
  run: (taskId: string, isNew?: boolean) => Promise<Run | "full" | "away">;
  /** Announces that the process may exit before its work is done, without blame for any task. */
  leave: () => void;
  /** Ends the process; a running suspect gets a moment to end first. */
  close: () => Promise<void>;
};

type Settled = { kind: "ran"; run: Run } | { kind: "failed"; message: string } | { kind: "gone" };

/** A ward's process. `isReady` resolves to false if it exited before it could work. */
type Attendant = { child: ChildProcess; isReady: Promise<boolean>; gone: Promise<unknown>; settled: (taskId: string) => Promise<Settled> };

/** Starts a ward's process; `onGone` is called at its end, before anything that waits for it, with whether it was ready. */
function startAttendant(entry: URL, log: Logger, lookEveryMs: number, onGone: (wasReady: boolean) => void): Attendant {
  const child = fork(entry, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.unref();
  child.channel?.unref();
  const [ready, gone] = [Promise.withResolvers<boolean>(), Promise.withResolvers<void>()];
  let inHand: PromiseWithResolvers<Settled> | null = null;
  let isReady = false;
  let looks = 0;
  // Looks are counted instead of seconds: a worker that was itself held up has looked only once.
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
  // Messages that it sent before it died are handled first.
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
    // A process that lives but never becomes ready is of no use.
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
 * Opens a worker's ward. Its process is started at once, so that it exists when a task becomes a suspect, and again after it died. It holds
 * up to `suspectsMax` suspects at a time, each in one of the worker's slots. `entry` may be another module than the product's.
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
    // A suspect that waits when the worker leaves is left to another worker.
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
