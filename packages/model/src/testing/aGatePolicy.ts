import type { z } from "zod";
import { GatePolicy } from "../gatePolicy/index.ts";

type WrittenCanary = NonNullable<z.input<typeof GatePolicy>["spec"]["canary"]>;

/**
 * The gate policy `shop-agent`: two steps, of 20 and 40 units, and one guardrail,
 * `task_success`, with a margin of ten points; `canary` overrides its fields.
 */
export function aGatePolicy(canary: Partial<WrittenCanary> = {}): GatePolicy {
  return GatePolicy.parse({
    apiVersion: "gates/v1",
    kind: "GatePolicy",
    metadata: { name: "shop-agent" },
    spec: {
      canary: {
        steps: [
          { setWeight: 25, minUnits: 20, maxDuration: "2h" },
          { setWeight: 50, minUnits: 40 },
        ],
        onMissing: { scoringLag: "1m" },
        metrics: [{ name: "task_success", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.1 }],
        ...canary,
      },
    },
  });
}
