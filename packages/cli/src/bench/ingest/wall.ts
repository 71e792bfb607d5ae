import type { CoresBusy } from "../processUsage.ts";

/**
 * What keeps a run from being faster: a thread that is busy all the time, the whole machine, or neither, where everything waits for
 * something else.
 */
export type Wall = "collector thread" | "clickhouse thread" | "machine" | "waiting";

/** Cores that were busy during a run: by part, and all of the machine, whoever used them. Null where the system does not tell. */
export interface Business {
  collector: CoresBusy | null;
  clickhouse: CoresBusy | null;
  loadgen: number;
  machine: number;
}

/** A thread or machine is busy from this share of its time on; the rest goes to switching between them. */
const BUSY = 0.9;

/** Names the wall. Pure. */
export function wallOf({ collector, clickhouse, machine }: Business, machineCores: number): Wall {
  if ((collector?.busiestThread ?? 0) >= BUSY) return "collector thread";
  if ((clickhouse?.busiestThread ?? 0) >= BUSY) return "clickhouse thread";
  return machine >= BUSY * machineCores ? "machine" : "waiting";
}
