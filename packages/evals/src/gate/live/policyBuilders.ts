import type { PerArm } from "./arm.ts";
import type { Block, Tally } from "./block.ts";
import type { LivePolicy, MeanMetric } from "./livePolicy.ts";

/** A guardrail on a share of successes, with a margin of 5 points. */
export function aGuardrail(changes: Partial<MeanMetric> = {}): MeanMetric {
  return { name: "task_success", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.05, ...changes };
}

/** A policy of two steps, for tests. */
export function aLivePolicy(changes: Partial<LivePolicy> = {}): LivePolicy {
  return {
    steps: [
      { setWeight: 25, minUnits: 20, maxDurationMs: 60_000 },
      { setWeight: 50, minUnits: 40 },
    ],
    ...{ rollback: { alpha: 0.05 }, promote: { beta: 0.05 }, onTimeout: "hold", srm: { alpha: 0.001 } },
    metrics: [aGuardrail()],
    ...changes,
  };
}

/** Successes of so many units. */
export const successes = (sum: number, n: number): Tally => ({ n, sum, sumSquares: sum });

/** A block of one metric, `task_success`, at the second step. */
export function aBlock(arms: PerArm<Tally>, changes: Partial<Block> = {}): Block {
  const units = { candidate: arms.candidate.n, stable: arms.stable.n };
  return { step: 1, share: 0.5, units, means: { task_success: arms }, counts: {}, ...changes };
}
