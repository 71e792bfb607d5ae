import { GatePolicy, type OfflinePolicy } from "@signalbox/model";
import type { ScoredTrial } from "../../compare/scoredRun.ts";
import type { GateRun } from "./offlineEvidence.ts";

/** The offline part of a test's policy: one metric `passed` with a margin of three points, on at least 30 items. */
export function anOfflinePolicy(change: Record<string, unknown> = {}): OfflinePolicy {
  const metrics = [{ name: "passed", kind: "binary", nonInferiorityMargin: 0.03 }];
  const spec = { offline: { dataset: "d", metrics, ...change } };
  return GatePolicy.parse({ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "a" }, spec }).spec.offline as OfflinePolicy;
}

/** A test's run on the first version of the policy's dataset: one trial per item, named by its index. */
export function aGateRun(name: string, scores: readonly (number | Record<string, number>)[], change: Partial<GateRun> = {}): GateRun {
  const trials = scores.map(
    (score, index): ScoredTrial => ({
      item: String(index),
      scores: typeof score === "number" ? { passed: score } : score,
      traceId: `trace-${index}`,
    }),
  );
  return { name, trials, dataset: { name: "d@1", hash: "a" }, unitKey: null, ...change };
}
