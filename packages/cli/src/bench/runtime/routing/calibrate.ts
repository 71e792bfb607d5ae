import { type EndpointProcess, startEndpoints } from "./endpointProcess.ts";
import { CALL, ENDPOINT_WORK, openTestBalancer, workAsUsual } from "./openTestBalancer.ts";

const WARM_MS = 300;
const MEASURED_MS = 1_500;

/** The number of calls per second that one saturated endpoint answers on this machine, right now. */
export async function callsPerSecondOfOne(seed: number, signal: AbortSignal): Promise<number> {
  await using started = await startEndpoints(1);
  workAsUsual(started.endpoints);
  const [endpoint] = started.endpoints as [EndpointProcess];
  await using opened = await openTestBalancer([endpoint], seed);
  const beganAt = performance.now();
  const countedFrom = beganAt + WARM_MS;
  const endsAt = countedFrom + MEASURED_MS;
  let answered = 0;
  const callAgain = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      signal.throwIfAborted();
      await opened.balancer.send(CALL);
      const now = performance.now();
      if (now >= countedFrom && now < endsAt) answered += 1;
    }
  };
  await Promise.all(Array.from({ length: 3 * ENDPOINT_WORK.atOnceMax }, callAgain));
  return (answered * 1_000) / MEASURED_MS;
}
