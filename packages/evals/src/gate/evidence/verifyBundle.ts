import type { KeyObject } from "node:crypto";
import {
  AppError,
  CHAIN_START,
  canonicalJson,
  Envelope,
  envelopeText,
  IN_TOTO,
  issuesText,
  partHash,
  type ReleaseFacts,
  type ReleaseStatement,
  ReleaseStatement as Statement,
  sealEntry,
  signatureFault,
  subjectOf,
  weightOf,
} from "@signalbox/model";
import type { z } from "zod";
import { explainRollout } from "./explainRollout.ts";
import { explainVerdict } from "./explainVerdict.ts";
import { plainDifference } from "./plainDifference.ts";

/** A fault of a bundle: the part (`envelope`, `signature`, `payload`, or a part of the attested facts), and the fault. */
export interface BundleFinding {
  readonly where: string;
  readonly what: string;
}

/** The result of checking a bundle: not a bundle, or the findings (empty if it is whole). `statement` is null where it cannot be read. */
export type CheckedBundle =
  | { readonly kind: "noBundle"; readonly reason: string }
  | {
      readonly kind: "bundle";
      readonly keyId: string;
      readonly findings: readonly BundleFinding[];
      readonly statement: ReleaseStatement | null;
    };

type LiveFacts = Extract<ReleaseFacts, { kind: "live" }>;

/** The first index at which two texts differ, from 0. */
function differsFrom(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

/** JSON in UTF-8, or why it is not. */
function readJson(bytes: Uint8Array): { text: string; value: unknown } | { fault: string } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** The first place at which a statement violates its schema. */
const findingOf = (issue: z.core.$ZodIssue): BundleFinding => {
  const [first, second] = issue.path.map(String);
  return { where: (first === "predicate" ? second : first) ?? "payload", what: issuesText({ issues: [issue] }) };
};

/**
 * Checks a release bundle on its own: that it is as signed by one of `keys`; that every part matches its hash; that the subject
 * is what was judged; and that the policy and the evidence give the verdict in it. Pure: no store, no clock, no network.
 */
export function verifyBundle(bytes: Uint8Array, keys: readonly KeyObject[]): CheckedBundle {
  const file = readJson(bytes);
  if ("fault" in file) return { kind: "noBundle", reason: `It is no JSON: ${file.fault}.` };
  const read = Envelope.safeParse(file.value);
  if (!read.success) return { kind: "noBundle", reason: `It is no DSSE envelope: ${issuesText(read.error)}.` };
  const envelope = read.data;
  const { payloadType, payload, signatures } = envelope;
  const findings: BundleFinding[] = [];
  const find = (where: string, what: string): void => void findings.push({ where, what });

  const fault = signatureFault(envelope, keys);
  if (fault !== undefined) find("signature", `The signature ${fault}.`);
  const written = envelopeText(envelope);
  if (file.text !== written) find("envelope", `It is not written as it was, from character ${differsFrom(file.text, written)} on.`);
  if (payloadType !== IN_TOTO) find("payloadType", `It is ${payloadType}, and a bundle's is ${IN_TOTO}.`);
  const bytesSigned = Buffer.from(payload, "base64");
  const encoded = bytesSigned.toString("base64");
  if (encoded !== payload) find("payload", `It is not the base64 that was written, from character ${differsFrom(payload, encoded)} on.`);
  return { kind: "bundle", keyId: signatures[0].keyid, findings, statement: tryStatement(bytesSigned, find) };
}

/** The checked statement. A forged one may be impossible to read or judge (huge numbers, endless nesting), which is a finding too. */
function tryStatement(payload: Uint8Array, find: (where: string, what: string) => void): ReleaseStatement | null {
  try {
    return checkStatement(payload, find);
  } catch (error) {
    find("payload", `It cannot be checked: ${(error as Error).message}.`);
    return null;
  }
}

/** Checks the attested facts, and returns the statement if it can be read. */
function checkStatement(payload: Uint8Array, find: (where: string, what: string) => void): ReleaseStatement | null {
  const json = readJson(payload);
  if ("fault" in json) {
    find("payload", `It is no JSON: ${json.fault}.`);
    return null;
  }
  const canonical = canonicalJson(json.value);
  if (canonical !== json.text) find("payload", `It is not written as it was, from character ${differsFrom(json.text, canonical)} on.`);
  const read = Statement.safeParse(json.value);
  if (!read.success) {
    for (const issue of read.error.issues) {
      const { where, what } = findingOf(issue);
      find(where, what);
    }
    return null;
  }
  const { subject, predicate } = read.data;
  const { hashes, ...facts } = predicate;
  const parts = { ...(json.value as { predicate: Record<string, unknown> }).predicate };
  delete parts.hashes;
  for (const part of new Set([...Object.keys(parts), ...Object.keys(hashes)]))
    if (!(part in parts) || partHash(parts[part]) !== hashes[part]) find(part, "It is not what its hash says.");
  if (plainDifference(subject[0], subjectOf(facts)) !== null) find("subject", "It is not the version that was judged.");
  if (facts.gate !== facts.policy.metadata.name) find("gate", "It is not the policy's.");
  for (const version of facts.kind === "live" ? Object.values(facts.versions) : [facts.evidence.candidate.version])
    if (version != null && !isNamedAfter(version)) find("subject", `${version.name} is not the version of this hash.`);
  if (facts.kind === "live") checkHead(facts, find);
  const fault = facts.kind === "live" ? rolloutFault(facts) : verdictFault(facts);
  if (fault !== null) find("verdict", fault);
  return read.data;
}

/** A version's name ends with the first eight digits of its hash. */
function isNamedAfter({ name, sha256 }: { name: string; sha256: string | null }): boolean {
  const digits = /\+([0-9a-f]{8})$/.exec(name)?.[1];
  return digits === undefined || sha256 === null || sha256.startsWith(digits);
}

/** Checks the head of a rollout's bundle, and the beginning of its log, against the rollout. */
function checkHead({ rollout, policy, entries, ...head }: LiveFacts, find: (where: string, what: string) => void): void {
  for (const part of ["id", "project", "gate"] as const) if (head[part] !== rollout[part]) find(part, "It is not the rollout's.");
  if (head.at !== (entries.at(-1)?.at ?? rollout.startedAt)) find("at", "It is not when the last entry was written.");
  const [first] = entries;
  if (first === undefined) return;
  const hashed = first.evidenceHash === undefined ? {} : { evidenceHash: CHAIN_START };
  const begun = { rollout: rollout.id, at: rollout.startedAt, actor: rollout.startedBy, reason: first.reason, ...hashed };
  const weight = weightOf({ ...rollout, policy, phase: "running", step: 0 });
  const entry = sealEntry(null, { ...begun, kind: "started", step: 0, weight, looks: 0, verdict: null });
  if (plainDifference(entry, first) !== null) find("entries", "The first is not how the rollout began.");
}

/** Why a rollout's log, or its stated verdict, does not follow from its evidence; null where both do. */
function rolloutFault({ rollout, policy, versions, verdict, ...evidence }: LiveFacts): string | null {
  if (versions.candidate.name !== rollout.candidate || versions.stable.name !== rollout.stable)
    return "The versions are not those of the rollout.";
  const { fault, latest } = explainRollout({ ...evidence, rollout: { ...rollout, policy } });
  if (fault !== null) return fault;
  return plainDifference(latest, verdict) === null ? null : "It is not the latest of the log.";
}

/** Why a verdict on eval runs does not follow from its evidence; null where it does. */
function verdictFault(facts: Extract<ReleaseFacts, { kind: "offline" }>): string | null {
  const { differsAt } = explained(facts);
  return differsAt === null
    ? null
    : `The policy makes something else of the evidence: ${differsAt === "" ? "all of it" : differsAt} differs.`;
}

/** The recomputed evidence; evidence that no policy can judge, as after an edit, differs as a whole. */
function explained(facts: Parameters<typeof explainVerdict>[0]): { differsAt: string | null } {
  try {
    return explainVerdict(facts);
  } catch (error) {
    if (error instanceof AppError) return { differsAt: "" };
    throw error;
  }
}
