import { setTimeout as sleep } from "node:timers/promises";
import type { Balancer } from "@signalbox/balancer";
import { type EndpointProcess, startEndpoints } from "./endpointProcess.ts";
import { offerCalls } from "./offerCalls.ts";
import { CALL, openTestBalancer, workAsUsual } from "./openTestBalancer.ts";

const GONE_AFTER_MS = 1_000;
const OFFERED_S = 4;
const LOOK_EVERY_MS = 2;

/** How fast the loss of an endpoint is noticed. `ejectedAfterMs` is null when it never was. */
export interface GoneFigures {
  ejectedAfterMs: number | null;
  calls: number;
  failed: number;
  msP95: number;
}

/** The time until an endpoint is ejected; null when the calls are over before. */
async function ejectedAfter(balancer: Balancer, url: string, offered: Promise<unknown>): Promise<number | null> {
  const beganAt = performance.now();
  let areOver = false;
  const over = offered.finally(() => {
    areOver = true;
  });
  over.catch(() => {});
  while (!areOver) {
    if (balancer.states.some((state) => state.url === url && state.isEjected)) return performance.now() - beganAt;
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** Loses one endpoint of four while calls arrive at a rate, by `end`: killed, or frozen with its connections open. */
export async function measureGoneEndpoint(
  perSecond: number,
  seed: number,
  end: (endpoint: EndpointProcess) => unknown,
  signal: AbortSignal,
): Promise<GoneFigures> {
  await using started = await startEndpoints(4);
  workAsUsual(started.endpoints);
  await using opened = await openTestBalancer(started.endpoints, seed);
  const [gone] = started.endpoints as [EndpointProcess];
  const offered = offerCalls(perSecond, OFFERED_S, () => opened.balancer.send(CALL), signal);
  await sleep(GONE_AFTER_MS, undefined, { signal });
  end(gone);
  const ejectedAfterMs = await ejectedAfter(opened.balancer, gone.url, offered);
  const { calls, failed, latency } = await offered;
  return { ejectedAfterMs, calls, failed, msP95: latency.quantileMs(0.95) };
}
