import type { CoresBusy } from "../processUsage.ts";

/** The bottleneck of a run: a thread that is always busy, the whole machine, or neither, where everything waits for something else. */
export type Wall = "collector thread" | "clickhouse thread" | "machine" | "waiting";

/** Busy cores during a run: by part, and on the whole machine. Null where the system does not tell. */
export interface Business {
  collector: CoresBusy | null;
  clickhouse: CoresBusy | null;
  loadgen: number;
  machine: number;
}

/** The share of busy time from which a thread or machine counts as saturated; the rest goes to switching. */
const BUSY = 0.9;

/** Names the bottleneck. Pure. */
export function wallOf({ collector, clickhouse, machine }: Business, machineCores: number): Wall {
  if ((collector?.busiestThread ?? 0) >= BUSY) return "collector thread";
  if ((clickhouse?.busiestThread ?? 0) >= BUSY) return "clickhouse thread";
  return machine >= BUSY * machineCores ? "machine" : "waiting";
}
