import type { Handled } from "../queue/taskQueue.ts";

/** What may become of a delivery. */
export const OUTCOMES = ["done", "retried", "dead", "idle", "held", "put_off", "lost"] as const;

/**
 * What became of a delivery; `idle` means that there was nothing to do for it, `held` that as many tasks of its project are at work as
 * may be, `put_off` that enough suspects wait for the ward, or the last verdict is not due yet, `lost` that the ward's process died of it. `project` is that of a task that
 * was claimed, or held.
 */
export type Run = { handled: Handled; outcome: (typeof OUTCOMES)[number]; project?: string | undefined };
