import { z } from "zod";
import { KeptGatePolicy } from "../gatePolicy/index.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in hex");

/** A version of the agent and the SHA-256 (hex) of its manifest, null where no store knows the version. */
export const NamedVersion = z.strictObject({ name: z.string(), sha256: Hash.nullable() });
export type NamedVersion = z.infer<typeof NamedVersion>;

const Trial = z.strictObject({
  item: z.string(),
  cluster: z.string().optional(),
  failed: z.boolean().optional(),
  scores: z.record(z.string(), z.number()),
  /** Metrics that could not be scored here; absent where there are none, and in evidence from before they were recorded. */
  unscored: z.array(z.string()).readonly().optional(),
  traceId: z.string().nullish(),
});

const Calibration = z.strictObject({
  labels: z.int().nonnegative(),
  kappa: z.strictObject({ value: z.number(), lower: z.number(), upper: z.number() }),
});

/**
 * An eval run as a gate saw it: the scores of each try on the policy's metrics. `digest` is
 * the SHA-256 (hex) of its result lines, `version` the agent's version, if the run names one.
 */
export const RunEvidence = z.strictObject({
  name: z.string(),
  digest: Hash,
  version: NamedVersion.nullable(),
  dataset: z.strictObject({ name: z.string().nullable(), hash: z.string().nullable() }),
  unitKey: z.string().nullable(),
  calibrations: z.record(z.string(), Calibration),
  trials: z.array(Trial),
});
export type RunEvidence = z.infer<typeof RunEvidence>;

/** A metric scored by a judge (`judge:<id>`) in one of the runs or both, with the judge's standing when the gate was asked, in words. */
export const JudgedMetric = z.strictObject({ metric: z.string(), judge: z.string(), words: z.string() });
export type JudgedMetric = z.infer<typeof JudgedMetric>;

/**
 * The evidence of an offline gate: the runs that it paired. `judges`, and the version of the reckoning
 * (`RECKONING`) that came to the verdict, are left out of verdicts from before they were kept.
 */
export const OfflineEvidence = z.strictObject({
  candidate: RunEvidence,
  baseline: RunEvidence.nullable(),
  judges: z.array(JudgedMetric).readonly().exactOptional(),
  reckoning: z.int().positive().exactOptional(),
});
export type OfflineEvidence = z.infer<typeof OfflineEvidence>;

/** A verdict with all its numbers. JSON has no infinity: an infinite number is null. */
export const VerdictDocument = z.looseObject({ verdict: z.enum(["pass", "fail", "inconclusive"]), reason: z.string() });
export type VerdictDocument = z.infer<typeof VerdictDocument>;

/**
 * The facts stored with a verdict on eval runs: everything it follows from, and the release it is about. `commit` is the candidate's
 * where the caller named it (`isCandidatesCommit`), else that of the checkout in which the gate was asked; `at` is ISO 8601, UTC.
 */
export const GateVerdictFacts = z.strictObject({
  project: z.string(),
  gate: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .nullable(),
  isCandidatesCommit: z.literal(true).optional(),
  policy: KeptGatePolicy,
  evidence: OfflineEvidence,
  verdict: VerdictDocument,
});
export type GateVerdictFacts = z.infer<typeof GateVerdictFacts>;

/** A stored verdict on eval runs. */
export const StoredGateVerdict = GateVerdictFacts.extend({ id: z.uuid() });
export type StoredGateVerdict = z.infer<typeof StoredGateVerdict>;

/** A stored verdict as lists show it. `offlineHash` is that of the policy's offline part, null where the policy cannot be read. */
export type ListedGateVerdict = Pick<StoredGateVerdict, "id" | "project" | "gate" | "at" | "actor" | "commit"> & {
  readonly verdict: VerdictDocument["verdict"];
  readonly reason: string;
  readonly candidate: string;
  readonly baseline: string | null;
  readonly candidateVersion: string | null;
  readonly dataset: string | null;
  readonly datasetHash: string | null;
  readonly policyHash: string;
  readonly offlineHash: string | null;
  readonly isCandidatesCommit: boolean;
};
