import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Loop, openLoop } from "@signalbox/listener";
import { withinMs } from "../../domains/withinMs.ts";
import { runAlone, type TaskRunner } from "../runTask.ts";
import { type FromWard, ToWard } from "./messages.ts";

const VOUCH_INTERVAL_MS = 1_000;
const ALIVE_INTERVAL_MS = 1_000;

/** What could not be opened is tried again so much later, in milliseconds. */
const OPEN_AGAIN_MS = 500;

/** A process whose worker is gone has so long to end, in milliseconds. */
const ORPHAN_MS_MAX = 3_000;

/** The thread that ends this process when its own cannot. */
const ORPHAN_ENTRY = new URL("orphanMain.ts", import.meta.url);

/** What suspects are run with. `leave` gives up what would keep the process from ending soon; `close` comes last. */
export type WardMeans = { runner: TaskRunner; leave: () => void; close: () => Promise<void> };

/**
 * Runs suspects in this process, one after the other, as the worker that started it says. `open` opens what they are run with, before
 * there is one, so that none waits for it; it is called again where it fails: a store may be away. The process ends with its
 * worker, whoever that died of: what it has in hand was not to blame.
 */
export function serveWard(open: () => Promise<WardMeans>): void {
  let means: WardMeans | null = null;
  let vouching: Loop | null = null;
  let inHand: Promise<void> = Promise.resolve();

  new Worker(ORPHAN_ENTRY, { workerData: process.ppid }).unref();

  // A terminal or an init system signals the whole group: when to go is the worker's to say.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

  const send = (message: FromWard): void => {
    // A worker that has just died hears nothing: that it is gone is heard as such.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
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
        send({ kind: "unable", message: messageOf(error) });
        await delay(OPEN_AGAIN_MS);
      }
    }
  };
  const run = async ({ runner }: WardMeans, taskId: string): Promise<void> => {
    try {
      send({ kind: "ran", run: await runAlone(runner, taskId) });
    } catch (error) {
      send({ kind: "failed", message: messageOf(error) });
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
