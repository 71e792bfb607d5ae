import type { TaskQueue } from "../queue/taskQueue.ts";

/**
 * What an autoscaler asks for: how many tasks wait for a worker, are with
 * one, or for their next attempt; and for how many workers there is work now.
 */
export type Scale = { waiting: number; active: number; delayed: number; tasksPerWorker: number; workersWanted: number };

/** Reckons it for workers that take `tasksPerWorker` tasks at a time. A task that waits for its next attempt needs nobody yet. */
export function scaleOf(depth: Awaited<ReturnType<TaskQueue["depth"]>>, tasksPerWorker: number): Scale {
  return { ...depth, tasksPerWorker, workersWanted: Math.ceil((depth.waiting + depth.active) / tasksPerWorker) };
}
