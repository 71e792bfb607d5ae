import { setTimeout as sleep } from "node:timers/promises";
import { callingAs } from "@signalbox/balancer";
import { type EndpointProcess, startEndpoints } from "./endpointProcess.ts";
import { offerCalls } from "./offerCalls.ts";
import { CALL, openTestBalancer, workAsUsual } from "./openTestBalancer.ts";

const OFFERED_S = 4;
const GPUS_GONE_AFTER_MS = 2_000;
const GPU_CALL = { ...CALL, path: "/gpu" };

/** The destinations of calls that need a GPU, with two endpoints that have one (killed half way) and two that have none. */
export interface GpuFigures {
  calls: number;
  /** Calls that reached an endpoint without a GPU. */
  onCpu: number;
  /** Calls that failed for want of an endpoint, after the others were gone. */
  refused: number;
}

/** Offers calls of which half need a GPU. */
export async function measureGpuWork(perSecond: number, seed: number, signal: AbortSignal): Promise<GpuFigures> {
  await using started = await startEndpoints(4);
  const { endpoints } = started;
  workAsUsual(endpoints);
  await using opened = await openTestBalancer(
    endpoints.map(({ url }, index) => ({ url, labels: index < 2 ? "gpu" : "cpu" })),
    seed,
  );
  const [one, other, ...cpus] = endpoints as [EndpointProcess, EndpointProcess, ...EndpointProcess[]];
  let calls = 0;
  let refused = 0;
  const callForGpu = async (): Promise<void> => {
    calls += 1;
    await callingAs({ needs: { bench: ["gpu"] }, lane: "interactive" }, () => opened.balancer.send(GPU_CALL)).catch(() => {
      refused += 1;
    });
  };
  const offered = offerCalls(perSecond / 2, OFFERED_S, (index) => (index % 2 === 0 ? callForGpu() : opened.balancer.send(CALL)), signal);
  await sleep(GPUS_GONE_AFTER_MS, undefined, { signal });
  await Promise.all([one.kill(), other.kill()]);
  await offered;
  const counts = await Promise.all(cpus.map((cpu) => cpu.count()));
  return { calls, onCpu: counts.reduce((sum, { byPath }) => sum + (byPath[GPU_CALL.path] ?? 0), 0), refused };
}
