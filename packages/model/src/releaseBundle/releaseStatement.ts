import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../canonicalJson.ts";
import { StoredGateVerdict } from "../gateEvidence/index.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in hex");

/** What a bundle attests, by its kind. `offline`: a verdict on eval runs, with all that it follows from. */
export const ReleaseFacts = z.discriminatedUnion("kind", [StoredGateVerdict.extend({ kind: z.literal("offline") })]);
export type ReleaseFacts = z.infer<typeof ReleaseFacts>;

/** SHA-256 (hex) of the RFC 8785 text of each part of a predicate, so that an edit can be placed. */
const Hashes = z.strictObject({ hashes: z.record(z.string(), Hash) });

/** Predicates of ours are of this type. */
export const PREDICATE_TYPE = "urn:signalbox:gate-verdict:v1";

const [Offline] = ReleaseFacts.options;

/** An in-toto statement (attestation framework, Statement v1) about one release: its subject is the version that was judged, or where no version is known its eval run, by their SHA-256. */
export const ReleaseStatement = z.strictObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.tuple([z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: Hash }) })]),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.discriminatedUnion("kind", [Offline.extend(Hashes.shape)]),
});
export type ReleaseStatement = z.infer<typeof ReleaseStatement>;

/** The hash of a part of a predicate: SHA-256 (hex) of its RFC 8785 text. */
export const partHash = (part: unknown): string => createHash("sha256").update(canonicalJson(part)).digest("hex");

/** The release that a verdict is about. */
export function subjectOf({ evidence: { candidate } }: ReleaseFacts): ReleaseStatement["subject"][0] {
  const { version, name, digest } = candidate;
  return version?.sha256 == null ? { name, digest: { sha256: digest } } : { name: version.name, digest: { sha256: version.sha256 } };
}

/** The statement about a release. */
export function releaseStatement(facts: ReleaseFacts): ReleaseStatement {
  const hashes = Object.fromEntries(Object.entries(facts).map(([part, value]) => [part, partHash(value)]));
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [subjectOf(facts)],
    predicateType: PREDICATE_TYPE,
    predicate: { ...facts, hashes },
  };
}
