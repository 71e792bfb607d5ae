import { type ChildProcess, fork } from "node:child_process";
import type { Logger } from "pino";
import type { Run } from "../run.ts";
import { FromWard, type ToWard } from "./messages.ts";

/** The module that the ward's process runs. */
const ENTRY = new URL("main.ts", import.meta.url);

/**
 * Delay before the ward's process starts, in milliseconds: starting takes about a second of processor time, and the worker's first tasks
 * come before it.
 */
const WARM_AFTER_MS = 2_000;

/** How long a ward that could not be started is left alone, in milliseconds. */
const AWAY_MS = 30_000;

/** How long a ward has to end before it is killed, in milliseconds. */
const END_MS_MAX = 3_000;

/**
 * How often the worker looks for a sign of life, in milliseconds. The ward sends one every second, and is killed after `SILENT_LOOKS_MAX`
 * looks without one.
 */
const LOOK_EVERY_MS = 1_000;
const SILENT_LOOKS_MAX = 10;

const LOST: Run = { handled: { kind: "again", delayMs: 0 }, outcome: "lost" };

/** A process beside the worker's in which suspects run one at a time: a suspect that kills it ran alone and takes no other task with it. */
export type Ward = {
  /** Runs a suspect in its turn; `full` if enough are waiting, `away` if there can be no such process now. */
  run: (taskId: string) => Promise<Run | "full" | "away">;
  /** Announces that the process may exit before its work is done, without blame for any task. */
  leave: () => void;
  /** Ends the process; a running suspect gets a moment to end first. */
  close: () => Promise<void>;
};

type Settled =
  | { kind: "ran"; run: Run }
  | { kind: "failed" | "unable"; message: string }
  | { kind: "leaving" }
  | { kind: "gone"; hadOpened: boolean };

/** A ward's process. `isReady` resolves to false if it exited before it could work. */
type Attendant = { child: ChildProcess; isReady: Promise<boolean>; gone: Promise<unknown>; settled: (taskId: string) => Promise<Settled> };

function startAttendant(entry: URL, log: Logger, lookEveryMs: number): Attendant {
  const child = fork(entry, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.unref();
  child.channel?.unref();
  const [ready, gone] = [Promise.withResolvers<boolean>(), Promise.withResolvers<void>()];
  let inHand: PromiseWithResolvers<Settled> | null = null;
  let hasOpened = false;
  let looking: NodeJS.Timeout | undefined;
  let silentLooks = 0;
  const end = (): void => {
    clearInterval(looking);
    ready.resolve(false);
    gone.resolve();
    inHand?.resolve({ kind: "gone", hadOpened: hasOpened });
  };
  // Looks are counted instead of seconds: a worker that was itself held up has looked only once.
  const look = (): void => {
    silentLooks += 1;
    if (silentLooks <= SILENT_LOOKS_MAX) return;
    log.error("the ward's process is blocked, and killed");
    child.kill("SIGKILL");
  };
  // Messages that it sent before it died are handled first.
  child.once("exit", () => (child.connected ? child.once("disconnect", end) : end()));
  child.on("error", (error) => {
    log.warn({ err: error }, "the ward's process has a problem");
    if (child.pid === undefined) end();
  });
  child.on("message", (given) => {
    silentLooks = 0;
    const message = FromWard.parse(given);
    if (message.kind === "ready") {
      ready.resolve(true);
      looking = setInterval(look, lookEveryMs).unref();
    } else if (message.kind === "opened") hasOpened = true;
    else if (message.kind !== "alive") inHand?.resolve(message);
  });
  return {
    child,
    isReady: ready.promise,
    gone: gone.promise,
    settled: (taskId) => {
      const asked = Promise.withResolvers<Settled>();
      inHand = asked;
      const goneNow = (): Settled => ({ kind: "gone", hadOpened: hasOpened });
      if (!child.connected) return Promise.resolve(goneNow());
      child.send({ kind: "run", taskId } satisfies ToWard, (error) => {
        if (error !== null) asked.resolve(goneNow());
      });
      return asked.promise;
    },
  };
}

/**
 * Opens a worker's ward. Its process is started soon, so that it exists when a task becomes a suspect, and again after it died. It holds up
 * to `suspectsMax` suspects at a time, each in one of the worker's slots. `entry` may be another module than the product's.
 */
export function openWard(
  log: Logger,
  suspectsMax: number,
  {
    entry = ENTRY,
    warmAfterMs = WARM_AFTER_MS,
    lookEveryMs = LOOK_EVERY_MS,
  }: { entry?: URL; warmAfterMs?: number; lookEveryMs?: number } = {},
): Ward {
  let attendant: Attendant | null = null;
  let awayUntilMs = Number.NEGATIVE_INFINITY;
  let isLeaving = false;
  let inHand = 0;
  let turn: Promise<unknown> = Promise.resolve();

  function isAway(why: string): void {
    awayUntilMs = performance.now() + AWAY_MS;
    log.error({ why }, "there is no ward: suspects are alone in the worker's process");
  }

  function attend(): Attendant {
    if (attendant !== null) return attendant;
    const started = startAttendant(entry, log, lookEveryMs);
    attendant = started;
    void started.gone.then(async () => {
      if (attendant === started) attendant = null;
      if (isLeaving) return;
      if (!(await started.isReady)) isAway("it was gone before it could work");
      warm();
    });
    return started;
  }

  function warm(): void {
    setTimeout(() => {
      if (!isLeaving && performance.now() >= awayUntilMs) attend();
    }, warmAfterMs).unref();
  }

  async function runNext(taskId: string): Promise<Run | "full" | "away"> {
    // A suspect that waits when the worker leaves is left to another worker.
    if (isLeaving) return "full";
    if (performance.now() < awayUntilMs) return "away";
    const { isReady, settled } = attend();
    const isThere = await isReady;
    if (isLeaving) return "full";
    if (!isThere) return "away";
    const end = await settled(taskId);
    if (end.kind === "gone" && end.hadOpened) return LOST;
    if (end.kind === "ran") return end.run;
    if (end.kind === "failed") throw new Error(`the ward could not run a task: ${end.message}`);
    if (end.kind === "leaving" || isLeaving) return "full";
    isAway(end.kind === "unable" ? end.message : "it was gone before it had opened its stores");
    return "away";
  }

  warm();
  return {
    run: async (taskId) => {
      if (inHand >= suspectsMax) return "full";
      inHand += 1;
      const run = turn.then(() => runNext(taskId));
      turn = run.catch(() => undefined);
      try {
        return await run;
      } finally {
        inHand -= 1;
      }
    },
    leave: () => {
      isLeaving = true;
      if (attendant?.child.connected) attendant.child.send({ kind: "leave" } satisfies ToWard);
    },
    close: async () => {
      isLeaving = true;
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
