import { setTimeout as sleep } from "node:timers/promises";
import { type EndpointProcess, startEndpoints } from "./endpointProcess.ts";
import { offerCalls } from "./offerCalls.ts";
import { CALL, ENDPOINT_WORK, openTestBalancer, workAsUsual } from "./openTestBalancer.ts";

const TIMES_SLOWER = 10;
const WARM_S = 2;
const SLOW_S = 5;

/** The share of calls that reach one slow endpoint of four. Shares of all calls that reached an endpoint, 0 to 1. */
export interface SlowFigures {
  timesSlower: number;
  shareBefore: number;
  share: number;
  shareInLastSecond: number;
  failed: number;
}

/** Slows one endpoint of four down while calls arrive at a rate, and measures its share in the following five seconds. */
export async function measureSlowEndpoint(perSecond: number, seed: number, signal: AbortSignal): Promise<SlowFigures> {
  await using started = await startEndpoints(4);
  const { endpoints } = started;
  workAsUsual(endpoints);
  await using opened = await openTestBalancer(endpoints, seed);
  const [slow] = endpoints as [EndpointProcess];
  const shareOfSlow = async (): Promise<{ slow: number; all: number }> => {
    const counts = await Promise.all(endpoints.map((endpoint) => endpoint.count()));
    return { slow: counts[0]?.calls ?? 0, all: counts.reduce((sum, { calls }) => sum + calls, 0) };
  };

  await offerCalls(perSecond, WARM_S, () => opened.balancer.send(CALL), signal);
  const before = await shareOfSlow();
  slow.work(TIMES_SLOWER * ENDPOINT_WORK.serviceMs, ENDPOINT_WORK.atOnceMax);
  const offered = offerCalls(perSecond, SLOW_S, () => opened.balancer.send(CALL), signal);
  await sleep((SLOW_S - 1) * 1_000, undefined, { signal });
  const early = await shareOfSlow();
  const { failed } = await offered;
  const late = await shareOfSlow();
  return {
    timesSlower: TIMES_SLOWER,
    shareBefore: before.slow / before.all,
    share: (early.slow + late.slow) / (early.all + late.all),
    shareInLastSecond: late.slow / late.all,
    failed,
  };
}
