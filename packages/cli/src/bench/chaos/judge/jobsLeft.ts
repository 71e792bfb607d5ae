import type { Sample } from "@signalbox/model";

/** The states of a job, as the worker's metrics name them. */
const STATES = ["waiting", "active", "delayed"] as const;

/** How many jobs the queue has, as a worker's metrics tell it; null where they do not, because its store is away. */
export function jobsIn(metrics: readonly Sample[]): number | null {
  const told = metrics.filter(({ name }) => name === "signalbox_queue_tasks");
  if (!STATES.every((state) => told.some(({ labels }) => labels.state === state))) return null;
  return told.reduce((jobs, { value }) => jobs + value, 0);
}
