import type { RoutingFigures } from "./measureRouting.ts";

/** The promises of the balancer. */
export const ROUTING_LIMITS = {
  slowShareMax: 0.15,
  ejectedMsMax: 1_000,
  ejectedShareMax: 0.5,
  /** A p95 is kept when it is at most this multiple of its old value, or this many milliseconds above it, whichever is more. */
  keptTimes: 1.5,
  keptMs: 10,
} as const;

function isKept({ healthyMsP95, msP95 }: RoutingFigures["isolation"]["on"]): boolean {
  return msP95 <= Math.max(ROUTING_LIMITS.keptTimes * healthyMsP95, healthyMsP95 + ROUTING_LIMITS.keptMs);
}

const isWithin = (ms: number | null): boolean => ms !== null && ms <= ROUTING_LIMITS.ejectedMsMax;

/** The broken promises, one sentence each; empty when all are kept. */
export function brokenPromises({ slow, killed, frozen, cap, gpu, isolation }: RoutingFigures): string[] {
  const checks: [isKept: boolean, sentence: string][] = [
    [slow.share < ROUTING_LIMITS.slowShareMax, `The slow endpoint got ${(slow.share * 100).toFixed(1)} % of the calls.`],
    [isWithin(killed.ejectedAfterMs), "The endpoint that was killed was not ejected within a second."],
    [isWithin(frozen.ejectedAfterMs), "The endpoint that was stopped was not ejected within a second."],
    [
      cap.ejectedMax <= ROUTING_LIMITS.ejectedShareMax * cap.endpoints,
      `${cap.ejectedMax} of ${cap.endpoints} endpoints were ejected at once.`,
    ],
    [gpu.onCpu === 0, `${gpu.onCpu} calls that need a GPU reached an endpoint without one.`],
    [isKept(isolation.on), `With one service down the others' p95 went from ${isolation.on.healthyMsP95} to ${isolation.on.msP95} ms.`],
  ];
  return checks.flatMap(([kept, sentence]) => (kept ? [] : sentence));
}
