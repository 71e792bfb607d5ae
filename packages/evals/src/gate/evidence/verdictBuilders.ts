import { GatePolicy, type OfflineEvidence, policyHash, RECKONING, type RunEvidence, type StoredGateVerdict } from "@signalbox/model";
import { judgeOffline } from "../offline/judgeOffline.ts";
import { asKept } from "./plainDifference.ts";

/** A test's run: one trial per item, failed at the indexes in `failing`. */
export function someRunEvidence(name: string, items: number, failing: readonly number[], changes: Partial<RunEvidence> = {}): RunEvidence {
  const trials = Array.from({ length: items }, (_, index) => ({
    item: `item-${index}`,
    scores: { passed: failing.includes(index) ? 0 : 1 },
    traceId: null,
  }));
  const digest = policyHash({ name, failing } as never);
  return { name, digest, version: null, dataset: { name: "d@1", hash: "a" }, unitKey: null, calibrations: {}, trials, ...changes };
}

/** A test's stored verdict: the candidate lost nine of 60 items, and fails. */
export function aKeptVerdict(changes: Partial<OfflineEvidence> = {}): StoredGateVerdict {
  const metrics = [{ name: "passed", kind: "binary", nonInferiorityMargin: 0.03 }];
  const policy = GatePolicy.parse({
    ...{ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "near-enough" } },
    spec: { offline: { dataset: "d", metrics } },
  });
  const version = { name: "1.0.0+0123abcd", sha256: "0123abcd".repeat(8) };
  const candidate = someRunEvidence("new", 60, [0, 1, 2, 3, 4, 5, 6, 7, 8], { version });
  const evidence: OfflineEvidence = { candidate, baseline: someRunEvidence("old", 60, []), reckoning: RECKONING, ...changes };
  const { offline } = policy.spec;
  if (offline === undefined) throw new TypeError("the policy has an offline part");
  const verdict = asKept(judgeOffline(offline, evidence.candidate, evidence.baseline)) as StoredGateVerdict["verdict"];
  return {
    ...{
      id: "0192f0c1-2345-7abc-8def-0123456789ab",
      project: "default",
      gate: "near-enough",
      at: "2026-11-27T04:00:00.000Z",
      actor: "ann",
    },
    ...{ commit: "c".repeat(40), policy, evidence, verdict },
  };
}
