import type { Lane } from "@signalbox/model";

/** The outcome of handling a task: `again` gives it back to the queue for `delayMs` milliseconds. */
export type Handled = { kind: "finished" } | { kind: "again"; delayMs: number };

/** A delivery of a task. The journal knows how often it was started before. */
export type Delivered = { taskId: string };

/**
 * A task that is to wait for a worker, in the `interactive` lane by default. Tasks of different projects take turns; a task without a
 * `project` joins the current turn. A task with a `build` waits for a worker of that build, any other for any worker.
 */
export type QueuedTask = { id: string; lane?: Lane; project?: string; build?: string | null };

/** A worker that takes tasks off the queue. `close` waits for the tasks that it runs. */
export type QueueWorker = { isRunning: () => boolean; close: () => Promise<void> };

/**
 * The queue of tasks that wait for a worker. Delivery is at least once: a task whose worker died is delivered again after a few seconds,
 * and one whose worker only seemed dead may run twice at once.
 */
export interface TaskQueue {
  /**
   * Queues tasks; one that is queued or running already is left alone. Every waiting `interactive` task goes before any of `batch`, and
   * within a lane one project's thousands do not hold up another's few. Throws if the store does not take them; at once while it is known
   * to be away.
   */
  enqueue(tasks: readonly QueuedTask[]): Promise<void>;
  /**
   * Starts to take up to `tasksMax` tasks at a time, and as many of `build` if one is named. If `handle` throws, the task is delivered
   * again later.
   */
  work(handle: (delivered: Delivered) => Promise<Handled>, tasksMax: number, build?: string): QueueWorker;
  /**
   * How many tasks wait, run, and wait for their next attempt: in the queues of `builds` and of any worker, or by default in all queues
   * that were used from here lately. Throws `upstream_unavailable` if the store does not answer.
   */
  depth(builds?: readonly string[]): Promise<{ waiting: number; active: number; delayed: number }>;
  /** Throws `upstream_unavailable` if the queue's store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
