import { createPrivateKey, createPublicKey } from "node:crypto";
import {
  canonicalJson,
  Envelope,
  envelopeText,
  newCheckpointKey,
  partHash,
  type ReleaseFacts,
  type RolloutEntry,
  releaseStatement,
  sealEntry,
  signEnvelope,
} from "@signalbox/model";
import { expect, test } from "vitest";
import { seededRandom } from "../../statistics/seededRandom.ts";
import { aPausedOfOld, aRelease, aRolledBack, asReckonedBy } from "./rolloutBuilders.ts";
import { aKeptVerdict } from "./verdictBuilders.ts";
import { verifyBundle } from "./verifyBundle.ts";

const key = createPrivateKey(newCheckpointKey());
const keys = [createPublicKey(key)];
const FACTS = { kind: "offline", ...aKeptVerdict() } satisfies ReleaseFacts;

const bundleOf = (statement: unknown): string => envelopeText(signEnvelope(Buffer.from(canonicalJson(statement)), key));
const BUNDLE = bundleOf(releaseStatement(FACTS));

/** The findings in a bundle whose payload was changed after it was signed. */
function findings(change: (text: string) => string): string[] {
  const envelope = Envelope.parse(JSON.parse(BUNDLE));
  const payload = Buffer.from(change(Buffer.from(envelope.payload, "base64").toString())).toString("base64");
  const checked = verifyBundle(Buffer.from(envelopeText({ ...envelope, payload })), keys);
  return checked.kind === "bundle" ? checked.findings.map(({ where }) => where) : [checked.kind];
}

/** Whether there are findings, of either kind. */
function isFound(bytes: Uint8Array): boolean {
  const checked = verifyBundle(bytes, keys);
  return checked.kind === "noBundle" || checked.findings.length > 0;
}

test("a bundle verifies for a reader who trusts its key", () => {
  const checked = verifyBundle(Buffer.from(BUNDLE), keys);
  expect(checked).toMatchObject({ kind: "bundle", findings: [] });
  expect(checked.kind === "bundle" && checked.statement?.subject).toEqual([
    { name: "1.0.0+0123abcd", digest: { sha256: "0123abcd".repeat(8) } },
  ]);
  const others = [createPublicKey(createPrivateKey(newCheckpointKey()))];
  expect(verifyBundle(Buffer.from(BUNDLE), others)).toMatchObject({ findings: [{ where: "signature" }] });
});

test("any byte that is another is found, anywhere", () => {
  const random = seededRandom(35);
  for (let edit = 0; edit < 400; edit += 1) {
    const bytes = Buffer.from(BUNDLE);
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 + Math.floor(random() * 255));
    expect(isFound(bytes), `byte ${at} of ${bytes.length} is ${bytes[at]}`).toBe(true);
  }
});

test("a byte more or less is found, anywhere", () => {
  const random = seededRandom(36);
  for (let edit = 0; edit < 100; edit += 1) {
    const at = Math.floor(random() * BUNDLE.length);
    expect(isFound(Buffer.from(BUNDLE.slice(0, at) + BUNDLE.slice(at + 1))), `without byte ${at}`).toBe(true);
    expect(isFound(Buffer.from(`${BUNDLE.slice(0, at)} ${BUNDLE.slice(at)}`)), `a space before byte ${at}`).toBe(true);
  }
});

test.each([
  ["policy", '"nonInferiorityMargin":0.03', '"nonInferiorityMargin":0.30'],
  ["evidence", '"item":"item-9","scores":{"passed":1}', '"item":"item-9","scores":{"passed":0}'],
  ["commit", "c".repeat(40), `${"c".repeat(39)}d`],
  ["subject", '"name":"1.0.0+0123abcd"}]', '"name":"1.0.1+0123abcd"}]'],
  ["verdict", '"verdict":"fail"', '"verdict":"pass"'],
  ["verdict", '"verdict":"fail"', '"verdict":"gone"'],
])("an edit of the %s is found there", (part, was, is) => {
  expect(findings((text) => text.replace(was, is))).toEqual(expect.arrayContaining(["signature", part]));
});

test("who signs another verdict with the right hashes is found out by the evidence", () => {
  const verdict = { ...FACTS.verdict, verdict: "pass" as const };
  expect(verifyBundle(Buffer.from(bundleOf(releaseStatement({ ...FACTS, verdict }))), keys)).toMatchObject({
    findings: [{ where: "verdict", what: "The policy makes something else of the evidence: verdict differs." }],
  });
});

test("a bundle of a rollout holds its log, blocks and versions, and any byte that is another is found", () => {
  const live = bundleOf(releaseStatement(aRelease()));
  const checked = verifyBundle(Buffer.from(live), keys);
  expect(checked).toMatchObject({ findings: [], statement: { subject: [{ name: "v2", digest: { sha256: "2".repeat(64) } }] } });
  const random = seededRandom(37);
  for (let edit = 0; edit < 100; edit += 1) {
    const bytes = Buffer.from(live);
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 + Math.floor(random() * 255));
    expect(isFound(bytes), `byte ${at} of ${bytes.length}`).toBe(true);
  }
});

test("a bundle of a paused rollout from before it was kept what that waits for is whole", () => {
  const statement = releaseStatement(aRelease(aPausedOfOld()));
  const { predicate } = statement;
  if (predicate.kind !== "live") throw new TypeError("it is a rollout's");
  const { pausedFor: _, ...rollout } = predicate.rollout;
  const old = { ...statement, predicate: { ...predicate, rollout, hashes: { ...predicate.hashes, rollout: partHash(rollout) } } };
  expect(verifyBundle(Buffer.from(bundleOf(old)), keys)).toMatchObject({ findings: [] });
});

test("who signs other blocks with the right hashes is found out by the log", () => {
  const facts = structuredClone(aRelease());
  if (facts.kind !== "live") throw new TypeError("it is a rollout's");
  Object.assign(facts.blocks.at(-1)?.block.means.task_success?.candidate ?? {}, { sum: 4, sumSquares: 4 });
  expect(verifyBundle(Buffer.from(bundleOf(releaseStatement(facts))), keys)).toMatchObject({ findings: [{ where: "verdict" }] });
});

test("a bundle that another version of the reckoning came to is as it was signed, and not said to be forged", () => {
  const { reckoning: _, ...evidence } = FACTS.evidence;
  const offline = { ...FACTS, evidence, verdict: { ...FACTS.verdict, reason: "It was a bad day." } };
  for (const facts of [offline, aRelease(asReckonedBy(undefined, aRolledBack()))]) {
    const checked = verifyBundle(Buffer.from(bundleOf(releaseStatement(facts))), keys);
    expect(checked).toMatchObject({ findings: [], reckonedBy: 1 });
  }
  // Who says so of what this version came to is found out by the signature.
  expect(findings((text) => text.replace('"reckoning":2', '"reckoning":1').replace('"verdict":"fail"', '"verdict":"pass"'))).toEqual(
    expect.arrayContaining(["signature", "evidence", "verdict"]),
  );
});

test.each([
  ["a number beyond all bounds", (text: string) => text.replace('"nonInferiorityMargin":0.03', '"nonInferiorityMargin":1e999')],
  ["brackets without end", () => `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
])("%s is found, and stops nothing", (_name, change) => {
  expect(findings(change)).toEqual(["signature", "payload"]);
});

/** The findings in a rollout's bundle with changed content, a good signature and matching hashes. */
function foundSaying(changes: object): string[] {
  const facts = { ...structuredClone(aRelease()), ...changes } as ReleaseFacts;
  const checked = verifyBundle(Buffer.from(bundleOf(releaseStatement(facts))), keys);
  return checked.kind === "bundle" ? checked.findings.map(({ where }) => where) : [checked.kind];
}

test.each([
  ["gate", { gate: "another" }],
  ["project", { project: "another" }],
  ["id", { id: "0192f0c1-2345-7abc-8def-000000000000" }],
  ["at", { at: "2020-01-01T00:00:00.000Z" }],
])("who signs another %s than the rollout's is found out", (part, changes) => {
  expect(foundSaying(changes)).toContain(part);
});

test("who signs another beginning, with a log that is sealed anew, is found out", () => {
  const facts = structuredClone(aRelease());
  if (facts.kind !== "live") throw new TypeError("it is a rollout's");
  const { hash: _, prevHash: __, number: ___, ...first } = facts.entries[0] as RolloutEntry;
  const begun = sealEntry(null, { ...first, at: "2020-01-01T00:00:00.000Z" });
  expect(foundSaying({ entries: [begun, ...facts.entries.slice(1)] })).toContain("entries");
  expect(foundSaying({ rollout: { ...facts.rollout, startedBy: "eve" } })).toContain("entries");
});

test("who signs the hash of another version than the one that is named is found out", () => {
  const candidate = { ...FACTS.evidence.candidate, version: { name: "1.0.0+0123abcd", sha256: "f".repeat(64) } };
  const facts = { ...FACTS, evidence: { ...FACTS.evidence, candidate } };
  expect(verifyBundle(Buffer.from(bundleOf(releaseStatement(facts))), keys)).toMatchObject({ findings: [{ where: "subject" }] });
});

test("what is no envelope is no bundle", () => {
  expect(verifyBundle(Buffer.from("{}"), keys)).toMatchObject({ kind: "noBundle" });
  expect(verifyBundle(Buffer.from("gates"), keys)).toMatchObject({ kind: "noBundle" });
});
