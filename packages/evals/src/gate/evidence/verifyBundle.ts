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

/**
 * The result of reading a bundle: not a bundle, or the faults that were found (none, if it is whole). `statement` is null where it
 * cannot be read; `reckonedBy` is the version that came to its verdict, where that is another than this one and it cannot be recomputed
 * here (null: it was): then it is as it was signed, and whether its verdict follows from its evidence is not known.
 */
export type CheckedBundle =
  | { readonly kind: "noBundle"; readonly reason: string }
  | {
      readonly kind: "bundle";
      readonly keyId: string;
      readonly findings: readonly BundleFinding[];
      readonly reckonedBy: number | null;
      readonly statement: ReleaseStatement | null;
    };

/** A statement as read, and the other version of the reckoning that made it, if one did. */
type Checked = { statement: ReleaseStatement | null; reckonedBy: number | null };

const UNREAD: Checked = { statement: null, reckonedBy: null };

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
  const { statement, reckonedBy } = tryStatement(bytesSigned, find);
  return { kind: "bundle", keyId: signatures[0].keyid, findings, reckonedBy, statement };
}

/**
 * Checks the attested statement; what was made up may be nothing that can be read or judged
 * at all (numbers beyond all bounds, brackets without end), and that is found too.
 */
function tryStatement(payload: Uint8Array, find: (where: string, what: string) => void): Checked {
  try {
    return checkStatement(payload, find);
  } catch (error) {
    find("payload", `It cannot be checked: ${(error as Error).message}.`);
    return UNREAD;
  }
}

/** Checks what is attested, and answers it if it can be read. */
function checkStatement(payload: Uint8Array, find: (where: string, what: string) => void): Checked {
  const json = readJson(payload);
  if ("fault" in json) {
    find("payload", `It is no JSON: ${json.fault}.`);
    return UNREAD;
  }
  const canonical = canonicalJson(json.value);
  if (canonical !== json.text) find("payload", `It is not written as it was, from character ${differsFrom(json.text, canonical)} on.`);
  const read = Statement.safeParse(json.value);
  if (!read.success) {
    for (const issue of read.error.issues) {
      const { where, what } = findingOf(issue);
      find(where, what);
    }
    return UNREAD;
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
  const { fault, reckonedBy } = facts.kind === "live" ? judgedRollout(facts) : judgedVerdict(facts);
  if (fault !== null) find("verdict", fault);
  return { statement: read.data, reckonedBy };
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

/** Why a verdict does not follow from its evidence (null: it does), or which other version reckoned it (null: none that matters). */
type Judged = { fault: string | null; reckonedBy: number | null };

/** A rollout's log judged anew, and the verdict told of it. */
function judgedRollout({ rollout, policy, versions, verdict, ...evidence }: LiveFacts): Judged {
  if (versions.candidate.name !== rollout.candidate || versions.stable.name !== rollout.stable)
    return { fault: "The versions are not those of the rollout.", reckonedBy: null };
  const { fault, reckonedBy } = explainRollout({ ...evidence, rollout: { ...rollout, policy } });
  if (fault !== null) return { fault, reckonedBy };
  const latest = evidence.entries.findLast((entry) => entry.verdict !== null)?.verdict ?? null;
  return { fault: plainDifference(latest, verdict) === null ? null : "It is not the latest of the log.", reckonedBy };
}

/** A verdict on eval runs judged anew; what no policy can judge, as after an edit, differs as a whole. */
function judgedVerdict(facts: Extract<ReleaseFacts, { kind: "offline" }>): Judged {
  const { differsAt, reckonedBy } = explained(facts);
  if (differsAt === null || reckonedBy !== null) return { fault: null, reckonedBy };
  return { fault: `The policy makes something else of the evidence: ${differsAt === "" ? "all of it" : differsAt} differs.`, reckonedBy };
}

function explained(facts: Parameters<typeof explainVerdict>[0]): { differsAt: string | null; reckonedBy: number | null } {
  try {
    return explainVerdict(facts);
  } catch (error) {
    if (error instanceof AppError) return { differsAt: "", reckonedBy: null };
    throw error;
  }
}
