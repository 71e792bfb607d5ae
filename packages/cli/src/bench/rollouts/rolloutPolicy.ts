import { GatePolicy } from "@signalbox/model";

/**
 * The policy of the rollouts: small steps, so that one ends within minutes. `overMs` is the latency objective; a session is
 * settled `lagSeconds` after it began, which leaves time for its tasks, their scores, and the restart of a killed controller.
 */
export function rolloutPolicy(overMs: number, lagSeconds: number): GatePolicy {
  return GatePolicy.parse({
    ...{ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "bench-rollouts" } },
    spec: {
      canary: {
        steps: [
          { setWeight: 25, minUnits: 20 },
          { setWeight: 50, minUnits: 100 },
        ],
        onMissing: { scoringLag: `${lagSeconds}s` },
        metrics: [
          { name: "reward", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.05 },
          { name: latencyMetric(overMs), role: "guardrail", kind: "binary", direction: "decrease", nonInferiorityMargin: 0.15 },
          { name: "dlq", role: "guardrail", kind: "count", weight: 2 },
        ],
      },
    },
  });
}

/** The metric for tasks that took longer than this many milliseconds. */
export const latencyMetric = (overMs: number): string => `latency_over_${overMs}ms`;
