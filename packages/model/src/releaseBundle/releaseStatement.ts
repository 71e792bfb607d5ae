import { z } from "zod";
import { NamedVersion, StoredGateVerdict, VerdictDocument } from "../gateEvidence/index.ts";
import { KeptGatePolicy } from "../gatePolicy/index.ts";
import { LiveVerdict, Rollout, RolloutEvidence } from "../rollouts/index.ts";
import { canonicalHash } from "../sha256.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in hex");

const Offline = StoredGateVerdict.extend({ kind: z.literal("offline") });

const Version = NamedVersion.extend({ sha256: Hash });

/** The latest stored verdict on eval runs that the version had before its rollout. */
const EarlierCheck = StoredGateVerdict.pick({ id: true, at: true, commit: true }).extend({
  verdict: VerdictDocument.shape.verdict,
  dataset: z.strictObject({ name: z.string().nullable(), hash: z.string().nullable() }),
});

const Live = z.strictObject({
  kind: z.literal("live"),
  id: z.uuid(),
  project: z.string(),
  gate: z.string(),
  at: z.iso.datetime(),
  policy: KeptGatePolicy,
  versions: z.strictObject({ candidate: Version, stable: Version }),
  check: EarlierCheck.nullable(),
  rollout: Rollout.omit({ policy: true }),
  entries: RolloutEvidence.shape.entries,
  looks: RolloutEvidence.shape.looks,
  blocks: RolloutEvidence.shape.blocks,
  evidenceHash: RolloutEvidence.shape.evidenceHash,
  frozenPolicy: RolloutEvidence.shape.frozenPolicy,
  verdict: LiveVerdict.nullable(),
});

/**
 * The facts that a bundle attests, by its kind. `offline`: a verdict on eval runs, with everything it follows from.
 * `live`: a rollout, with its log, looks and blocks; `verdict` is the latest in the log (null: nobody looked), `at`
 * the time of its last entry, and `check` names the dataset and commit on which its candidate was judged before.
 */
export const ReleaseFacts = z.discriminatedUnion("kind", [Offline, Live]);
export type ReleaseFacts = z.infer<typeof ReleaseFacts>;

/** SHA-256 (hex) of the RFC 8785 text of each part of a predicate, so that an edit can be located. */
const Hashes = z.strictObject({ hashes: z.record(z.string(), Hash) });

/** The predicate type of our statements. */
export const PREDICATE_TYPE = "urn:signalbox:gate-verdict:v1";

/**
 * An in-toto statement (attestation framework, Statement v1) about one release. Its subject
 * is the version that was judged, or its eval run where no version is known, by SHA-256.
 */
export const ReleaseStatement = z.strictObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.tuple([z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: Hash }) })]),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.discriminatedUnion("kind", [Offline.extend(Hashes.shape), Live.extend(Hashes.shape)]),
});
export type ReleaseStatement = z.infer<typeof ReleaseStatement>;

/** The hash of a part of a predicate: SHA-256 (hex) of its RFC 8785 text. */
export const partHash = (part: unknown): string => canonicalHash(part);

/** The subject of a statement: the release that its verdict is about. */
export function subjectOf(facts: ReleaseFacts): ReleaseStatement["subject"][0] {
  const of = ({ name, sha256 }: { name: string; sha256: string }) => ({ name, digest: { sha256 } });
  if (facts.kind === "live") return of(facts.versions.candidate);
  const { version, name, digest } = facts.evidence.candidate;
  return of(version?.sha256 == null ? { name, sha256: digest } : { name: version.name, sha256: version.sha256 });
}

/** The statement about a release. */
export function releaseStatement(facts: ReleaseFacts): ReleaseStatement {
  const hashes = Object.fromEntries(Object.entries(facts).map(([part, value]) => [part, partHash(value)]));
  return ReleaseStatement.parse({
    _type: "https://in-toto.io/Statement/v1",
    subject: [subjectOf(facts)],
    predicateType: PREDICATE_TYPE,
    predicate: { ...facts, hashes },
  });
}
