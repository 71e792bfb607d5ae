import type { Handled } from "../queue/taskQueue.ts";

/** The possible outcomes of a delivery. */
export const OUTCOMES = ["done", "retried", "dead", "idle", "held", "put_off", "lost"] as const;

/**
 * The outcome of a delivery. `idle`: there was nothing to do. `held`: its project already runs as many tasks as it may. `put_off`: enough
 * suspects wait for the ward, or the last verdict is not due yet. `lost`: the ward's process died of it. `project` is set for a task that
 * was claimed or held.
 */
export type Run = { handled: Handled; outcome: (typeof OUTCOMES)[number]; project?: string | undefined };
