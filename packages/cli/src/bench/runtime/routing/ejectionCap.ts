import { setTimeout as sleep } from "node:timers/promises";
import { startEndpoints } from "./endpointProcess.ts";
import { offerCalls } from "./offerCalls.ts";
import { CALL, openTestBalancer, workAsUsual } from "./openTestBalancer.ts";

const OFFERED_S = 4;
const KILL_EVERY_MS = 700;
const LOOK_EVERY_MS = 2;

/** The most endpoints that were ejected at once, while all of them were killed one after the other. */
export interface CapFigures {
  endpoints: number;
  killed: number;
  ejectedMax: number;
}

/** Kills every endpoint while calls arrive at a rate. */
export async function measureEjectionCap(perSecond: number, seed: number, signal: AbortSignal): Promise<CapFigures> {
  await using started = await startEndpoints(4);
  const { endpoints } = started;
  workAsUsual(endpoints);
  await using opened = await openTestBalancer(endpoints, seed);
  let ejectedMax = 0;
  const look = setInterval(() => {
    ejectedMax = Math.max(ejectedMax, opened.balancer.states.filter(({ isEjected }) => isEjected).length);
  }, LOOK_EVERY_MS);
  try {
    const offered = offerCalls(perSecond, OFFERED_S, () => opened.balancer.send(CALL), signal);
    for (const endpoint of endpoints) {
      await sleep(KILL_EVERY_MS, undefined, { signal });
      await endpoint.kill();
    }
    await offered;
  } finally {
    clearInterval(look);
  }
  return { endpoints: endpoints.length, killed: endpoints.length, ejectedMax };
}
