import { AppError, type GateVerdictFacts, type RunEvidence } from "@signalbox/model";
import { judgeOffline, type OfflineVerdict } from "../offline/judgeOffline.ts";
import type { GateRun } from "../offline/offlineEvidence.ts";
import { otherReckoning } from "./otherReckoning.ts";
import { asKept, plainDifference } from "./plainDifference.ts";

/**
 * A kept verdict on eval runs beside what its policy makes of its evidence now. `differsAt` is where the kept one says something
 * else; null where nothing does. `reckonedBy` is the version that came to it, where it differs and that version is another one.
 */
export interface ExplainedVerdict {
  readonly differsAt: string | null;
  readonly reckonedBy: number | null;
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
  const differsAt = plainDifference(asKept(recomputed), verdict);
  return { recomputed, differsAt, reckonedBy: differsAt === null ? null : otherReckoning(evidence) };
}
