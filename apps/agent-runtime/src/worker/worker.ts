import type { PrismaClient } from "@signalbox/db/prisma";
import { openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { openProjectPlaces } from "./projectPlaces.ts";
import { runTask, type TaskRunner } from "./runTask.ts";
import { openSweeper } from "./sweeper.ts";
import { openUnserved } from "./unserved.ts";

const SWEEP_INTERVAL_MS = 1_000;
/** Twice within the second after which a task comes again whose journal could not be written: by then its worker has cleared it. */
const VOUCH_INTERVAL_MS = 500;
const UNSERVED_LOOK_MS = 10_000;

/** A running worker. `close` waits for its tasks. */
export type Worker = { isRunning: () => boolean; close: () => Promise<void> };

/**
 * The means of a worker, with the database in which it finds tasks without a job. At most `runningMax` tasks of one project run at a time
 * (null: no limit); tasks of a version that nobody has served for `unservedMs` milliseconds are given up.
 */
export type WorkerMeans = TaskRunner & { prisma: PrismaClient; runningMax: number | null; unservedMs: number };

/** Takes up to `tasksMax` tasks at a time off the queue and runs them, and sweeps tasks without a job back into it. */
export function openWorker(means: WorkerMeans, queue: TaskQueue, tasksMax: number, metrics: Registry, log: Logger): Worker {
  const runs = new Counter({
    name: "signalbox_worker_runs_total",
    help: "Deliveries of tasks by outcome.",
    labelNames: ["outcome"],
    registers: [metrics],
  });
  const depth = new Gauge({
    name: "signalbox_queue_tasks",
    help: "Tasks in the queue by state.",
    labelNames: ["state"],
    registers: [metrics],
    collect: async () => {
      depth.reset();
      // While the store is away the other metrics are still reported.
      const tasksByState = await queue.depth().catch(() => ({}));
      for (const [state, tasks] of Object.entries(tasksByState)) depth.set({ state }, tasks);
    },
  });

  const { prisma, clock, version, runningMax, unservedMs } = means;
  const { build } = version;
  const places = runningMax === null ? undefined : openProjectPlaces(prisma, queue, runningMax, log);
  const runner: WorkerMeans = { ...means, ...(places && { places }) };
  const sweep = openSweeper(prisma, queue, clock, build, places);
  const sweeping = openLoop("sweeper", SWEEP_INTERVAL_MS, log, async () => {
    await sweep();
    return "idle";
  });
  const vouching = openLoop("quarantine", VOUCH_INTERVAL_MS, log, async () => {
    await runner.quarantine.vouch();
    return "idle";
  });
  const giveUpUnserved = openUnserved(runner, unservedMs);
  const givingUp = openLoop("unserved", UNSERVED_LOOK_MS, log, async () => {
    await giveUpUnserved();
    return "idle";
  });
  const taking = queue.work(
    async ({ taskId }) => {
      const { handled, outcome } = await runTask(runner, taskId);
      runs.inc({ outcome });
      return handled;
    },
    tasksMax,
    build,
  );

  return {
    isRunning: taking.isRunning,
    close: async () => {
      runner.quarantine.leave();
      runner.ward?.leave();
      await runner.quarantine.vouch().catch((error: unknown) => log.warn({ err: error }, "nobody heard that this worker leaves"));
      await sweeping.close();
      await givingUp.close();
      await taking.close();
      await vouching.close();
    },
  };
}
