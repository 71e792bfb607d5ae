import {
  type Block,
  CHAIN_START,
  evidenceHash,
  GatePolicy,
  policyHash,
  RECKONING,
  type ReleaseFacts,
  type Rollout,
  type RolloutEntry,
  type RolloutEvidence,
  sealEntry,
} from "@signalbox/model";
import { aGuardrail, successes } from "../live/policyBuilders.ts";
import { replay } from "../rollout/replayRollout.ts";

const ID = "0192f0c1-2345-7abc-8def-0123456789ab";
const at = (minute: number): string => new Date(Date.parse("2026-11-27T12:00:00.000Z") + minute * 60_000).toISOString();

const POLICY = GatePolicy.parse({
  ...{ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "support-agent" } },
  spec: {
    canary: {
      steps: [
        { setWeight: 25, minUnits: 20 },
        { setWeight: 50, minUnits: 1_000 },
      ],
      metrics: [aGuardrail()],
    },
  },
});

/**
 * The record of a test's rollout: its candidate, half of whose units fail where the stable version's all succeed,
 * advances one step and is rolled back by evidence. Without `evidenceHash` it is a record from before that existed.
 */
export function aRolledBack(hashed: { evidenceHash?: string } = { evidenceHash: CHAIN_START }): RolloutEvidence {
  const hash = policyHash(POLICY);
  const begun: Rollout = {
    ...{ id: ID, project: "default", gate: "support-agent", policy: POLICY, policyHash: hash, stable: "v1", candidate: "v2" },
    ...{ phase: "running", step: 0, stepStartedAt: at(0), startedAt: at(0), startedBy: "ann", endedAt: null, reason: "From v1 to v2." },
    ...{ pausedBy: null, pausedFor: null, pausedAt: null, approvedStep: null, retryOf: null },
  };
  const first = sealEntry(null, {
    ...{
      rollout: ID,
      at: at(0),
      kind: "started",
      actor: "ann",
      reason: begun.reason,
      step: 0,
      weight: 25,
      looks: 0,
      verdict: null,
      ...hashed,
    },
  });
  const block = (step: number): Block => ({
    ...{ step, share: step === 0 ? 0.25 : 0.5, units: { candidate: 4, stable: 4 }, counts: {} },
    means: { task_success: { candidate: successes(step === 0 ? 4 : 2, 4), stable: successes(4, 4) } },
  });
  const blocks = Array.from({ length: 40 }, (_, number) => ({ rollout: ID, number, look: number, block: block(number < 5 ? 0 : 1) }));
  const told = { waiting: 0, crossed: 0, ignored: 0, reckoning: RECKONING };
  const looks = blocks.map(({ number }) => ({ rollout: ID, number, at: at(number + 1), blocks: number + 1, ...told }));
  for (let taken = 1; taken <= looks.length; taken += 1) {
    const record = { looks: looks.slice(0, taken), blocks: blocks.slice(0, taken) };
    const { log, rollout, evidenceHash } = replay({ rollout: begun, entries: [first], ...record });
    if (rollout?.phase !== "rolledBack") continue;
    return { rollout, entries: log, ...record, ...(evidenceHash === undefined ? {} : { evidenceHash }) };
  }
  throw new TypeError("the candidate is rolled back");
}

/**
 * The record as another version of the reckoning left it, whole and sealed: its first `looks` looks (left out: all) say so
 * (undefined: nothing), and what was said on them has another number, unless that version came to the same (`isOther`).
 */
export function asReckonedBy(
  reckoning: number | undefined,
  { entries, looks, blocks, evidenceHash: _, ...record }: RolloutEvidence,
  { looks: some = looks.length, isOther = true } = {},
): RolloutEvidence {
  const older = looks.map((look, index) => {
    const { reckoning: __, ...rest } = look;
    return index >= some ? look : reckoning === undefined ? rest : { ...rest, reckoning };
  });
  const isHashed = entries[0]?.evidenceHash !== undefined;
  const hashes = [CHAIN_START];
  for (const [index, look] of older.entries())
    hashes.push(evidenceHash(hashes[index] ?? CHAIN_START, look, blocks.slice(older[index - 1]?.blocks ?? 0, look.blocks)));
  const sealed: RolloutEntry[] = [];
  for (const { hash: __, prevHash: ___, number: ____, evidenceHash: _____, verdict, ...facts } of entries) {
    const hashed = isHashed ? { evidenceHash: hashes[facts.looks] ?? CHAIN_START } : {};
    const said = verdict !== null && isOther && facts.looks <= some ? { ...verdict, eHarm: verdict.eHarm + 1 } : verdict;
    sealed.push(sealEntry(sealed.at(-1) ?? null, { ...facts, verdict: said, ...hashed }));
  }
  const last = isHashed ? { evidenceHash: hashes.at(-1) ?? CHAIN_START } : {};
  return { ...record, entries: sealed, looks: older, blocks, ...last };
}

/** The record of that rollout had somebody paused it before it was rolled back, written before it was kept what a paused one waits for. */
export function aPausedOfOld(): RolloutEvidence {
  const { rollout, entries: all, looks, blocks } = aRolledBack({});
  const entries = all.slice(0, -1);
  const [pausedAt, taken] = [at(looks.length), looks.length - 1];
  const facts = {
    rollout: ID,
    at: pausedAt,
    kind: "paused",
    actor: "bo",
    reason: "lunch",
    step: 1,
    weight: 50,
    looks: taken,
    verdict: null,
  } as const;
  const changes = { phase: "paused", reason: "bo: lunch", pausedBy: "person", pausedAt, endedAt: null } as const;
  return {
    rollout: { ...rollout, ...changes },
    entries: [...entries, sealEntry(entries.at(-1) ?? null, facts)],
    looks: looks.slice(0, taken),
    blocks: blocks.slice(0, taken),
  };
}

/** The facts of a rollout's bundle. */
export function aRelease({ rollout, ...evidence }: RolloutEvidence = aRolledBack()): ReleaseFacts {
  const { policy, ...rest } = rollout;
  return {
    ...{
      kind: "live",
      id: ID,
      project: "default",
      gate: "support-agent",
      at: evidence.entries.at(-1)?.at ?? at(0),
      policy,
      rollout: rest,
      ...evidence,
      check: null,
    },
    versions: { candidate: { name: "v2", sha256: "2".repeat(64) }, stable: { name: "v1", sha256: "1".repeat(64) } },
    verdict: evidence.entries.findLast(({ verdict }) => verdict !== null)?.verdict ?? null,
  };
}
