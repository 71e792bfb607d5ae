import { setTimeout as sleep } from "node:timers/promises";
import { LatencyHistogram } from "../../../loadgen/latencyHistogram.ts";
import { openLoop } from "../../../loadgen/pace.ts";

/** The fates of calls that were offered at a rate. */
export interface Offered {
  calls: number;
  failed: number;
  /** From the time a call was due to its end, successful or not. */
  latency: LatencyHistogram;
}

/** Calls at a rate, whatever happens to earlier calls; ends when `seconds` are over and every call has ended. */
export async function offerCalls(
  perSecond: number,
  seconds: number,
  call: (index: number) => Promise<unknown>,
  signal: AbortSignal,
): Promise<Offered> {
  const clock = (): number => performance.now();
  const pace = openLoop({ requestsPerSecond: perSecond }, { clock, sleep: (ms, stop) => sleep(ms, undefined, { signal: stop }) });
  const offered: Offered = { calls: 0, failed: 0, latency: new LatencyHistogram() };
  const ends: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const dueAt = await pace.next(signal);
    offered.calls += 1;
    ends.push(
      call(index)
        .catch(() => {
          offered.failed += 1;
        })
        .then(() => offered.latency.record(clock() - dueAt)),
    );
  }
  await Promise.all(ends);
  return offered;
}
