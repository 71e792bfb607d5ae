import { type ChildProcess, fork } from "node:child_process";
import type { Logger } from "pino";
import type { Run } from "../run.ts";
import { FromWard, type ToWard } from "./messages.ts";

/** The module that the ward's process runs. */
const ENTRY = new URL("main.ts", import.meta.url);

/** A worker's first tasks come before its ward, which takes a second of a processor to start. In milliseconds. */
const WARM_AFTER_MS = 2_000;

/** A ward that could not be started is tried again so much later, in milliseconds. */
const AWAY_MS = 30_000;

/** A ward that is to end has so long before it is killed, in milliseconds. */
const END_MS_MAX = 3_000;

/** A ward that lives sends a word every second: it is killed after so many looks at which there was none. In milliseconds. */
const LOOK_EVERY_MS = 1_000;
const SILENT_LOOKS_MAX = 10;

const LOST: Run = { handled: { kind: "again", delayMs: 0 }, outcome: "lost" };

/** A process beside the worker's in which suspects run, one at a time: whoever it dies of was alone, and takes nobody along. */
export type Ward = {
  /** Runs a suspect when it is its turn; `full` when enough wait for theirs, `away` when there can be no such process now. */
  run: (taskId: string) => Promise<Run | "full" | "away">;
  /** From now on the process may be gone before its work is done, and nobody is to blame. */
  leave: () => void;
  /** Ends the process; what it has in hand may end first, for a moment. */
  close: () => Promise<void>;
};

type Settled =
  | { kind: "ran"; run: Run }
  | { kind: "failed" | "unable"; message: string }
  | { kind: "leaving" }
  | { kind: "gone"; hadOpened: boolean };

/** A ward's process. `isReady` is false for one that was gone before it could work. */
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
  // Looks are counted, not seconds: a worker that was held up itself has looked once.
  const look = (): void => {
    silentLooks += 1;
    if (silentLooks <= SILENT_LOOKS_MAX) return;
    log.error("the ward's process is blocked, and killed");
    child.kill("SIGKILL");
  };
  // What it sent before it died is heard first.
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
 * Opens the ward of a worker: its process is started soon, so that it is there when somebody dies, and again when it died. Up to
 * `suspectsMax` suspects are here at a time, each in one of the worker's slots. `entry` may be another module than the product's.
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
    // Whoever waits when the worker leaves is another one's to run.
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
