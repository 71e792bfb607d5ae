import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Loop, openLoop } from "@signalbox/listener";
import { errorMessage } from "@signalbox/model";
import { withinMs } from "../../domains/withinMs.ts";
import { runAlone, type TaskRunner } from "../runTask.ts";
import { type FromWard, ToWard } from "./messages.ts";

const VOUCH_INTERVAL_MS = 1_000;
const ALIVE_INTERVAL_MS = 1_000;

/** How soon a failed opening is tried again, in milliseconds. */
const OPEN_AGAIN_MS = 500;

/** How long a process whose worker is gone has to end, in milliseconds. */
const ORPHAN_MS_MAX = 3_000;

/** The thread that ends this process if its main thread cannot. */
const ORPHAN_ENTRY = new URL("orphanMain.ts", import.meta.url);

/** The means of running suspects. `leave` gives up calls that would keep the process from ending soon; `close` comes last. */
export type WardMeans = { runner: TaskRunner; leave: () => void; close: () => Promise<void> };

/**
 * Runs suspects in this process, one after the other, on the messages of the worker that started it. `open` opens the means of running them
 * before there is a suspect, so that none waits for it; it is called again if it fails, since a store may be away. The process ends with
 * its worker, whatever that died of: the running suspect is not to blame.
 */
export function serveWard(open: () => Promise<WardMeans>): void {
  let means: WardMeans | null = null;
  let vouching: Loop | null = null;
  let inHand: Promise<void> = Promise.resolve();

  new Worker(ORPHAN_ENTRY, { workerData: process.ppid }).unref();

  // A terminal or an init system signals the whole process group; the worker decides when the ward goes.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

  const send = (message: FromWard): void => {
    // A worker that has just died receives nothing; its disconnection is handled elsewhere.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const getReady = async (): Promise<void> => {
    for (;;) {
      try {
        means = await open();
        const { runner } = means;
        vouching = openLoop("ward", VOUCH_INTERVAL_MS, runner.log, async () => {
          await runner.quarantine.vouch();
          return "idle";
        });
        return send({ kind: "ready" });
      } catch (error) {
        send({ kind: "unable", message: errorMessage(error) });
        await delay(OPEN_AGAIN_MS);
      }
    }
  };
  const run = async ({ runner }: WardMeans, taskId: string): Promise<void> => {
    try {
      send({ kind: "ran", run: await runAlone(runner, taskId) });
    } catch (error) {
      send({ kind: "failed", message: errorMessage(error) });
    }
  };
  const leave = async (): Promise<void> => {
    means?.runner.quarantine.leave();
    means?.leave();
    await means?.runner.quarantine.vouch().catch(() => undefined);
  };
  const end = async (): Promise<void> => {
    await leave();
    await inHand;
    await vouching?.close();
    await means?.close().catch(() => undefined);
  };

  process.on("message", (given) => {
    const message = ToWard.parse(given);
    if (message.kind === "leave") void leave();
    else if (means !== null) inHand = run(means, message.taskId);
  });
  process.once("disconnect", async () => {
    await withinMs(ORPHAN_MS_MAX, end());
    process.exit(0);
  });
  if (!process.connected) process.exit(0);
  setInterval(send, ALIVE_INTERVAL_MS, { kind: "alive" } satisfies FromWard);
  void getReady();
}
