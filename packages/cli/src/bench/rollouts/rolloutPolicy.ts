import { GatePolicy } from "@signalbox/model";

/**
 * The policy that the rollouts run under: small steps, so that a rollout ends within minutes. `overMs` is the latency objective; a session
 * is settled `lagSeconds` after it began: time for its tasks, for their scores, and for a controller that was killed to come back.
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

/** The metric of tasks that took longer than so many milliseconds. */
export const latencyMetric = (overMs: number): string => `latency_over_${overMs}ms`;
