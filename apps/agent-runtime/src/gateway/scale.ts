import type { TaskQueue } from "../queue/taskQueue.ts";

/**
 * The answer to an autoscaler: tasks that wait for a worker, are being run, or wait for their next attempt; and the number of workers for
 * which there is work now.
 */
export type Scale = { waiting: number; active: number; delayed: number; tasksPerWorker: number; workersWanted: number };

/**
 * Computes the scale for workers that take `tasksPerWorker` tasks at a time. A task that waits for its next attempt needs no worker yet.
 * `unserved` tasks wait for a version that no worker serves: they ask for one worker in all, since only its registration shows whether it
 * is of their build; from then on they count like any others.
 */
export function scaleOf(depth: Awaited<ReturnType<TaskQueue["depth"]>>, unserved: number, tasksPerWorker: number): Scale {
  const workersWanted = Math.max(Math.ceil((depth.waiting + depth.active) / tasksPerWorker), unserved > 0 ? 1 : 0);
  return { ...depth, tasksPerWorker, workersWanted };
}
