import { type Block, CanaryPolicy, type PerArm, type Tally } from "@signalbox/model";
import type { z } from "zod";
import type { LivePolicy } from "./livePolicy.ts";

type WrittenPolicy = z.input<typeof CanaryPolicy>;
type WrittenMetric = WrittenPolicy["metrics"][number];

/** A guardrail on a share of successes, with a margin of 5 points. */
export function aGuardrail(changes: object = {}): WrittenMetric {
  return { name: "task_success", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.05, ...changes } as WrittenMetric;
}

/** A policy of two steps, for tests. */
export function aLivePolicy(changes: Partial<WrittenPolicy> = {}): LivePolicy {
  const steps = [
    { setWeight: 25, minUnits: 20, maxDuration: "1m" },
    { setWeight: 50, minUnits: 40 },
  ];
  return CanaryPolicy.parse({ steps, metrics: [aGuardrail()], ...changes });
}

/** A tally with this many successes. */
export const successes = (sum: number, n: number): Tally => ({ n, sum, sumSquares: sum });

/** A block of one metric, `task_success`, at the second step. */
export function aBlock(arms: PerArm<Tally>, changes: Partial<Block> = {}): Block {
  const units = { candidate: arms.candidate.n, stable: arms.stable.n };
  return { step: 1, share: 0.5, units, means: { task_success: arms }, counts: {}, ...changes };
}
