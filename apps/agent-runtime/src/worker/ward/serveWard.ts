import { setTimeout as delay } from "node:timers/promises";
import { openLoop } from "@signalbox/listener";
import { withinMs } from "../../domains/withinMs.ts";
import { runAlone, type TaskRunner } from "../runTask.ts";
import { type FromWard, ToWard } from "./messages.ts";

const VOUCH_INTERVAL_MS = 1_000;

/** What is in hand when the worker is gone has so long to end, in milliseconds. */
const ORPHAN_MS_MAX = 3_000;

/**
 * Runs suspects in this process, one after the other, as the worker that started it says. `open` opens what they are run with and is
 * called once, for the first of them. The process ends with its worker, whoever that died of: what it has in hand was not to blame.
 */
export function serveWard(open: () => Promise<TaskRunner>): void {
  let opening: Promise<TaskRunner> | null = null;
  let inHand: Promise<void> = Promise.resolve();

  // A terminal or an init system signals the whole group: when to go is the worker's to say.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

  const opened = async (): Promise<TaskRunner> => {
    const runner = await open();
    openLoop("ward", VOUCH_INTERVAL_MS, runner.log, async () => {
      await runner.quarantine.vouch();
      return "idle";
    });
    return runner;
  };
  const runnerNow = (): Promise<TaskRunner> => {
    opening ??= opened().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  const send = (message: FromWard): void => {
    // A worker that has just died hears nothing: that it is gone is heard as such.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const run = async (taskId: string): Promise<void> => {
    const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
    const runner = await runnerNow().catch((error: unknown) => void send({ kind: "unable", message: messageOf(error) }));
    if (runner === undefined) return;
    try {
      send({ kind: "ran", run: await runAlone(runner, taskId) });
    } catch (error) {
      send({ kind: "failed", message: messageOf(error) });
    }
  };
  const leave = async (): Promise<void> => {
    const runner = await opening?.catch(() => null);
    runner?.quarantine.leave();
    await runner?.quarantine.vouch().catch(() => undefined);
  };

  process.on("message", (given) => {
    const message = ToWard.parse(given);
    if (message.kind === "leave") void leave();
    else inHand = run(message.taskId);
  });
  process.once("disconnect", async () => {
    await Promise.race([leave(), delay(ORPHAN_MS_MAX)]);
    await withinMs(ORPHAN_MS_MAX, inHand);
    process.exit(0);
  });
  if (!process.connected) process.exit(0);
  send({ kind: "ready" });
}
