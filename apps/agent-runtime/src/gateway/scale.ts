import type { TaskQueue } from "../queue/taskQueue.ts";

/**
 * What an autoscaler asks for: how many tasks wait for a worker, are with
 * one, or for their next attempt; and for how many workers there is work now.
 */
export type Scale = { waiting: number; active: number; delayed: number; tasksPerWorker: number; workersWanted: number };

/**
 * Reckons it for workers that take `tasksPerWorker` tasks at a time. A task that waits for its next attempt needs nobody yet. Where
 * `unserved` tasks wait for a version that no worker serves, one worker is wanted: whether a new one is of their build is seen when it is
 * there, and then they count like any other.
 */
export function scaleOf(depth: Awaited<ReturnType<TaskQueue["depth"]>>, unserved: number, tasksPerWorker: number): Scale {
  const workersWanted = Math.max(Math.ceil((depth.waiting + depth.active) / tasksPerWorker), unserved > 0 ? 1 : 0);
  return { ...depth, tasksPerWorker, workersWanted };
}
