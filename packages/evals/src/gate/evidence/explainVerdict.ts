import { AppError, type GateVerdictFacts, type RunEvidence } from "@signalbox/model";
import { judgeOffline, type OfflineVerdict } from "../offline/judgeOffline.ts";
import type { GateRun } from "../offline/offlineEvidence.ts";
import { asKept, plainDifference } from "./plainDifference.ts";

/**
 * A stored verdict on eval runs with its recomputation. `differsAt` is the path at which the stored one differs; null where it does not.
 */
export interface ExplainedVerdict {
  readonly differsAt: string | null;
  readonly recomputed: OfflineVerdict;
}

/** An eval run of the evidence, without what the gate does not look at. */
const asRun = ({ digest: _, version: __, ...run }: RunEvidence): GateRun => run;

/**
 * Recomputes a stored verdict from its evidence and policy. Pure: it reads
 * no store. Throws `invalid_input` for a policy without an offline part.
 */
export function explainVerdict({ policy, evidence, verdict }: Pick<GateVerdictFacts, "policy" | "evidence" | "verdict">): ExplainedVerdict {
  const { offline } = policy.spec;
  if (offline === undefined) throw new AppError("invalid_input", `The policy ${policy.metadata.name} says nothing about eval runs.`);
  const recomputed = judgeOffline(offline, asRun(evidence.candidate), evidence.baseline === null ? null : asRun(evidence.baseline));
  return { recomputed, differsAt: plainDifference(asKept(recomputed), verdict) };
}
