import { LatencyHistogram } from "../../../loadgen/latencyHistogram.ts";
import { type EndpointProcess, startEndpoints } from "./endpointProcess.ts";
import { offerCalls } from "./offerCalls.ts";
import { CALL, openTestBalancer } from "./openTestBalancer.ts";
import { openSlots } from "./slots.ts";

/** Four services, as many slots as a worker of 64 tasks has, and the rate of calls to each service. */
const SLOTS = 64;
const PER_SECOND = 40;
const WORK = { serviceMs: 10, atOnceMax: 16 } as const;
const HEALTHY_S = 3;
const DOWN_S = 6;
/** The time limit of a call without isolation: the same as the balancer's. */
const ANSWER_MS_MAX = 10_000;

/** The latency of calls to the three other services, from the time they were due, with one service frozen. */
export interface IsolationFigures {
  healthyMsP95: number;
  msP95: number;
  msMax: number;
}

type Way = () => Promise<unknown>;

/** Calls one address without a balancer. */
function plainWay(url: string): Way {
  return async () => {
    const answer = await fetch(`${url}${CALL.path}`, { method: "POST", body: CALL.body, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    await answer.arrayBuffer();
  };
}

async function offerToAll(ways: readonly Way[], seconds: number, signal: AbortSignal): Promise<LatencyHistogram> {
  const slots = openSlots(SLOTS);
  const others = new LatencyHistogram();
  const call = async (index: number): Promise<void> => {
    const service = index % ways.length;
    const dueAt = performance.now();
    await slots
      .within(() => ways[service]?.() ?? Promise.resolve())
      .finally(() => {
        if (service > 0) others.record(performance.now() - dueAt);
      });
  };
  await offerCalls(PER_SECOND * ways.length, seconds, call, signal);
  return others;
}

/** Freezes the first of four services and measures the calls to the other three, with or without a balancer in front of each. */
export async function measureIsolation(isIsolated: boolean, seed: number, signal: AbortSignal): Promise<IsolationFigures> {
  await using started = await startEndpoints(4);
  const { endpoints } = started;
  for (const endpoint of endpoints) endpoint.work(WORK.serviceMs, WORK.atOnceMax);
  await using opening = new AsyncDisposableStack();
  const ways: Way[] = [];
  for (const endpoint of endpoints) {
    if (isIsolated) {
      const { balancer } = opening.use(await openTestBalancer([endpoint], seed));
      ways.push(() => balancer.send(CALL));
    } else ways.push(plainWay(endpoint.url));
  }
  const healthy = await offerToAll(ways, HEALTHY_S, signal);
  const [down] = endpoints as [EndpointProcess];
  down.freeze();
  // Thawed at the end, so that a measurement without isolation ends too.
  const thaw = setTimeout(() => down.thaw(), DOWN_S * 1_000);
  try {
    const others = await offerToAll(ways, DOWN_S, signal);
    return { healthyMsP95: healthy.quantileMs(0.95), msP95: others.quantileMs(0.95), msMax: others.maxMs };
  } finally {
    clearTimeout(thaw);
  }
}
