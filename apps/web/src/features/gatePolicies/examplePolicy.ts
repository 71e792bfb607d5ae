/** The editor's initial text: a valid policy. */
export const EXAMPLE_POLICY = `apiVersion: gates/v1
kind: GatePolicy
metadata: { name: support-agent }
spec:
  unit: session
  canary:
    steps:
      - { setWeight: 5, minUnits: 100, maxDuration: 2h }
      - { setWeight: 25, minUnits: 300, maxDuration: 6h }
      - { setWeight: 50, minUnits: 1000, maxDuration: 24h }
    rollback: { alpha: 0.05 }
    promote: { beta: 0.05 }
    onTimeout: hold
    metrics:
      - { name: task_success, role: guardrail, kind: binary, nonInferiorityMargin: 0.05, weight: 3 }
      - { name: latency_over_8s, role: guardrail, kind: binary, direction: decrease, nonInferiorityMargin: 0.05 }
      - { name: cost_usd, role: guardrail, kind: bounded, cap: 0.50, direction: decrease, nonInferiorityMargin: 0.05 }
      - { name: dlq, role: guardrail, kind: count, weight: 2 }
      - { name: crash, role: breaker, kind: count, failureCondition: "canary.count >= 20 && canary.rate > 0.2" }
`;
