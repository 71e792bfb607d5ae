import { z } from "zod";
import { KeptGatePolicy } from "../gatePolicy/index.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in hex");

/** A version of the agent and the SHA-256 (hex) of its manifest, null where no store knows it. */
export const NamedVersion = z.strictObject({ name: z.string(), sha256: Hash.nullable() });
export type NamedVersion = z.infer<typeof NamedVersion>;

const Trial = z.strictObject({
  item: z.string(),
  cluster: z.string().optional(),
  failed: z.boolean().optional(),
  scores: z.record(z.string(), z.number()),
  /** The metrics that nobody could score here; left out where there are none, and of evidence from before they were kept. */
  unscored: z.array(z.string()).readonly().optional(),
  traceId: z.string().nullish(),
});

const Calibration = z.strictObject({
  labels: z.int().nonnegative(),
  kappa: z.strictObject({ value: z.number(), lower: z.number(), upper: z.number() }),
});

/**
 * An eval run as a gate saw it: what each try scored on the policy's metrics. `digest` is the
 * SHA-256 (hex) of its result lines, `version` that of the agent which it is of, if it says so.
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

/**
 * A metric that a judge (`judge:<id>`) scored, in one of the runs or both, and how far that one was to be believed when the gate was asked.
 */
export const JudgedMetric = z.strictObject({ metric: z.string(), judge: z.string(), words: z.string() });
export type JudgedMetric = z.infer<typeof JudgedMetric>;

/**
 * What an offline gate went by: the runs that it paired. `judges`, and the version of the reckoning
 * (`RECKONING`) that came to the verdict, are left out of verdicts from before they were kept.
 */
export const OfflineEvidence = z.strictObject({
  candidate: RunEvidence,
  baseline: RunEvidence.nullable(),
  judges: z.array(JudgedMetric).readonly().exactOptional(),
  reckoning: z.int().positive().exactOptional(),
});
export type OfflineEvidence = z.infer<typeof OfflineEvidence>;

/** A verdict as it was reached, number for number; what is infinite is null, as JSON has it. */
export const VerdictDocument = z.looseObject({ verdict: z.enum(["pass", "fail", "inconclusive"]), reason: z.string() });
export type VerdictDocument = z.infer<typeof VerdictDocument>;

/**
 * What is kept of a verdict on eval runs: all that it follows from, and all that says which
 * release it is about. `commit` is the candidate's where whoever asked said so (`isCandidatesCommit`),
 * else that of the code that was checked out where the gate was asked; `at` is ISO 8601, UTC.
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

/** A verdict on eval runs that is kept. */
export const StoredGateVerdict = GateVerdictFacts.extend({ id: z.uuid() });
export type StoredGateVerdict = z.infer<typeof StoredGateVerdict>;

/** A kept verdict as lists show it. `offlineHash` is of the policy's offline part, null where it cannot be read. */
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
