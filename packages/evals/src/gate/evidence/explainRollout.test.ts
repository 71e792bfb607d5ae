import { policyHash, type RolloutEntry, type RolloutEvidence } from "@signalbox/model";
import { expect, test } from "vitest";
import { explainRollout } from "./explainRollout.ts";
import { aRolledBack } from "./rolloutBuilders.ts";

const RECORD = aRolledBack();

/** The fault of the record after a change of it. */
function faultAfter(change: (record: RolloutEvidence) => void): string | null {
  const record = structuredClone(RECORD);
  change(record);
  return explainRollout(record).fault;
}

const last = <T>(rows: readonly T[]): T => rows.at(-1) as T;
const entryBefore = ({ entries }: RolloutEvidence) => entries.at(-2) as RolloutEntry;

test("each entry of a log follows from the blocks, and the last verdict is told", () => {
  const { fault, entries, latest } = explainRollout(RECORD);
  expect(fault).toBeNull();
  expect(entries.map(({ kind }) => kind)).toEqual(["started", "looked", "stepped", "looked", "rolledBack"]);
  expect(latest).toMatchObject({ kind: "rollback", grounds: "evidence" });
});

test.each<[string, (record: RolloutEvidence) => void, RegExp]>([
  [
    "a block",
    ({ blocks }) => Object.assign(last(blocks).block.means.task_success?.candidate ?? {}, { sum: 4, sumSquares: 4 }),
    /^Entry 4 .*follows from the blocks/,
  ],
  ["what waited at a look", ({ looks }) => Object.assign(looks[0] ?? {}, { waiting: 7 }), /^Entry 1 .*a look or a block was changed/],
  ["a block that no entry is behind", (record) => Object.assign(record, { evidenceHash: "0".repeat(64) }), /behind the log's last entry/],
  ["a hash that is gone", (record) => Reflect.deleteProperty(record, "evidenceHash"), /hash to is missing/],
  ["what the last look said", (record) => Object.assign(record, { lastVerdict: entryBefore(record).verdict }), /What the last look/],
  ["the policy as it was frozen", (record) => Object.assign(record, { frozenPolicy: { kind: "GatePolicy" } }), /its hash is another/],
  [
    "a verdict",
    ({ entries }) => Object.assign(last(entries).verdict ?? {}, { reason: "It was a bad day." }),
    /^Entry 4 \(rolledBack, .*verdict\.reason differs/,
  ],
  ["the time of a look", ({ looks }) => Object.assign(last(looks), { at: "2026-11-27T13:00:00.000Z" }), /^Entry 4 .*differs|changed since/],
  ["a reason", ({ entries }) => Object.assign(entries[0] ?? {}, { reason: "Nothing." }), /breaks the log|differs/],
  ["the policy", ({ rollout }) => Object.assign(rollout.policy.spec.canary?.rollback ?? {}, { alpha: 0.01 }), /its hash is another/],
  ["the phase", ({ rollout }) => Object.assign(rollout, { phase: "promoted" }), /phase differs/],
  ["a block that is gone", ({ blocks }) => blocks.splice(3, 1), /^A block is missing/],
  ["an end that is cut off", ({ entries }) => entries.splice(-1), /^The log ends before entry 4/],
  [
    "an act that nobody could do",
    ({ entries }) => Object.assign(entries[1] ?? {}, { verdict: null, kind: "resumed", looks: 0 }),
    /cannot have come about/,
  ],
])("%s that was changed is found", (_, change, fault) => {
  expect(faultAfter(change)).toMatch(fault);
});

test("a log that began before its evidence was hashed follows from its blocks as it did", () => {
  const { entries, ...record } = aRolledBack({});
  expect(entries.every((entry) => !("evidenceHash" in entry))).toBe(true);
  expect(explainRollout({ entries, ...record }).fault).toBeNull();
});

test("a policy that was frozen before a default came is the one that was frozen", () => {
  const record = structuredClone(RECORD);
  const { control: _, ...canary } = record.rollout.policy.spec.canary ?? {};
  const frozenPolicy = { ...record.rollout.policy, spec: { ...record.rollout.policy.spec, canary } };
  const rollout = { ...record.rollout, policyHash: policyHash(frozenPolicy) };
  expect(explainRollout({ ...record, rollout, frozenPolicy }).fault).toBeNull();
  const edited = { ...frozenPolicy, spec: { ...frozenPolicy.spec, canary: { ...canary, rollback: { alpha: 0.4 } } } };
  expect(explainRollout({ ...record, rollout: { ...rollout, policyHash: policyHash(edited) }, frozenPolicy: edited }).fault).toContain(
    "does not say what the one says that was frozen",
  );
});
