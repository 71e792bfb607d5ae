import type { Lane } from "@signalbox/model";

/** What a worker made of a task: `again` gives it back to the queue for a while. */
export type Handled = { kind: "finished" } | { kind: "again"; delayMs: number };

/** A delivery of a task. How often it was started before is the journal's to say. */
export type Delivered = { taskId: string };

/**
 * A task that is to wait for a worker, in the `interactive` lane unless it says another. Tasks of different projects take turns; one of no
 * `project` that is named goes with those whose turn it is. A task of a `build` waits for a worker of that build, any other for any worker.
 */
export type QueuedTask = { id: string; lane?: Lane; project?: string; build?: string | null };

/** A worker that takes tasks off the queue. `close` waits for the tasks in hand. */
export type QueueWorker = { isRunning: () => boolean; close: () => Promise<void> };

/**
 * The queue of tasks that wait for a worker. Delivery is at least once: a task whose worker died is delivered again after a few seconds,
 * and one whose worker only seemed dead may be in two hands at once.
 */
export interface TaskQueue {
  /**
   * Queues tasks; one that is in the queue already, or in a worker's hand, is left alone. Every waiting `interactive`
   * task goes before any of `batch`, and in a lane one project's thousands do not hold up another's few.
   * Throws where the store does not take them; while it is known to be away, at once.
   */
  enqueue(tasks: readonly QueuedTask[]): Promise<void>;
  /**
   * Starts to take up to `tasksMax` tasks at a time, and as many of `build`
   * where one is named. A `handle` that throws is called again later.
   */
  work(handle: (delivered: Delivered) => Promise<Handled>, tasksMax: number, build?: string): QueueWorker;
  /**
   * How many tasks wait, are worked on, and wait for their next attempt: of `builds` and
   * those that any worker serves, or of all that were queued or worked on from
   * here lately. Throws `upstream_unavailable` where the store does not answer.
   */
  depth(builds?: readonly string[]): Promise<{ waiting: number; active: number; delayed: number }>;
  /** Throws `upstream_unavailable` where the queue's store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
