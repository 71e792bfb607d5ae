import { type Block, GatePolicy, policyHash, RECKONING, type RolloutEvidence, sealEntry } from "@signalbox/model";
import { expect, test } from "vitest";
import { seededRandom } from "../../statistics/seededRandom.ts";
import { goodnessOf } from "../live/goodness.ts";
import { isMean } from "../live/livePolicy.ts";
import { look } from "../live/look.ts";
import { aGuardrail, aLivePolicy } from "../live/policyBuilders.ts";
import { judgeOffline } from "../offline/judgeOffline.ts";
import { foldBlocks } from "../rollout/latestVerdict.ts";
import { BlockTally } from "../simulate/blockTally.ts";
import { explainRollout } from "./explainRollout.ts";
import { explainVerdict } from "./explainVerdict.ts";
import { otherReckoningText } from "./otherReckoning.ts";
import { aRolledBack, asReckonedBy } from "./rolloutBuilders.ts";
import { aKeptVerdict } from "./verdictBuilders.ts";

const POLICY = aLivePolicy({
  metrics: [
    aGuardrail({ weight: 3 }),
    { ...aGuardrail({ name: "helpful", nonInferiorityMargin: 0.2 }), kind: "score", range: [1, 5] } as never,
    { ...aGuardrail({ name: "cost_usd", direction: "decrease" }), kind: "bounded", cap: 0.5 } as never,
    aGuardrail({ name: "polite", role: "signal" }),
    { name: "dlq", role: "guardrail", kind: "count", weight: 2 },
    { name: "errors", role: "signal", kind: "count" },
    { name: "crashes", role: "breaker", kind: "count", failureCondition: "canary.count >= 20 && canary.rate > 0.2" },
  ],
});

/** Blocks that are the same on every machine: the candidate does somewhat worse. */
function someBlocks(count: number): Block[] {
  const random = seededRandom(2_000);
  const means = POLICY.metrics.filter(isMean);
  const counts = POLICY.metrics.filter((metric) => !isMean(metric));
  const names = { means: means.map(({ name }) => name), counts: counts.map(({ name }) => name) };
  return Array.from({ length: count }, () => {
    const block = new BlockTally(names, 0, 0.25);
    while (!block.isFull) {
      const arm = random() < 0.25 ? "candidate" : "stable";
      block.countUnit(arm);
      for (const [index, metric] of means.entries())
        block.addGoodness(index, arm, goodnessOf(metric, random() < (arm === "stable" ? 0.8 : 0.7) ? 1 : 0));
      for (const index of counts.keys()) if (random() < 0.05) block.addEvent(index, arm);
    }
    return block.close();
  });
}

/** A verdict on eval runs by two metrics, of which the candidate loses some. */
function anOfflineVerdict() {
  const metrics = [
    { name: "passed", kind: "binary", nonInferiorityMargin: 0.03 },
    { name: "helpful", kind: "score", range: [1, 5], nonInferiorityMargin: 0.2 },
  ];
  const { offline } = GatePolicy.parse({
    ...{ apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "pinned" } },
    spec: { offline: { dataset: "d", metrics } },
  }).spec;
  if (offline === undefined) throw new TypeError("the policy has an offline part");
  const random = seededRandom(2_001);
  const run = (name: string, share: number) => ({
    ...{ name, dataset: { name: "d@1", hash: "a" }, unitKey: null },
    trials: Array.from({ length: 80 }, (_, item) => ({
      item: `item-${item}`,
      scores: { passed: random() < share ? 1 : 0, helpful: 1 + Math.floor(random() * 5) },
    })),
  });
  return judgeOffline(offline, run("new", 0.7), run("old", 0.8));
}

test("what gates make of the same evidence is that of this version of the reckoning: where it changes, RECKONING is raised", () => {
  const live = [1, 25, 60].map((count) => look(foldBlocks(someBlocks(count), POLICY), POLICY, { step: 0 }));
  expect({ version: RECKONING, live: policyHash(live), offline: policyHash(JSON.parse(JSON.stringify(anOfflineVerdict()))) }).toEqual({
    version: 2,
    live: "cee6ead2cf35006d9e69a08e7dce37163b25c2b21de0773751e00d96e6ba70a0",
    offline: "4767882b31265aa31561f9d357fb89558304f00faeb7bb1a2546d0394a9e6802",
  });
});

test("a kept verdict that another version came to is not said to be changed", () => {
  const { evidence, verdict, ...kept } = aKeptVerdict();
  const other = { ...verdict, reason: "It was a bad day." };
  expect(explainVerdict({ ...kept, evidence, verdict: other })).toMatchObject({ differsAt: "reason", reckonedBy: null });
  const { reckoning: _, ...unsaid } = evidence;
  for (const [older, version] of [
    [unsaid, 1],
    [{ ...unsaid, reckoning: RECKONING + 1 }, RECKONING + 1],
  ] as const) {
    expect(explainVerdict({ ...kept, evidence: older, verdict: other })).toMatchObject({ differsAt: "reason", reckonedBy: version });
    expect(explainVerdict({ ...kept, evidence: older, verdict })).toMatchObject({ differsAt: null, reckonedBy: null });
  }
  expect(otherReckoningText(1)).toContain(`this is version ${RECKONING}`);
});

test("a log that another version came to is not said to be changed, as long as its seals hold", () => {
  const older = asReckonedBy(1, aRolledBack());
  expect(explainRollout(older)).toMatchObject({ fault: null, reckonedBy: 1 });
  expect(explainRollout(asReckonedBy(undefined, aRolledBack({})))).toMatchObject({ fault: null, reckonedBy: 1 });
  const changed = (change: (record: RolloutEvidence) => void) => {
    const record = structuredClone(older);
    change(record);
    return explainRollout(record);
  };
  expect(changed(({ entries }) => Object.assign(entries.at(-1)?.verdict ?? {}, { reason: "It was a bad day." }))).toMatchObject({
    ...{ fault: expect.stringMatching(/^Entry 4 breaks the log/), reckonedBy: null },
  });
  expect(changed(({ blocks }) => Object.assign(blocks[0]?.block.units ?? {}, { candidate: 5 }))).toMatchObject({
    fault: expect.stringContaining("a look or a block was changed"),
  });
  expect(changed(({ blocks }) => blocks.splice(3, 1))).toMatchObject({ fault: "A block is missing.", reckonedBy: null });
});

test("what this version reckoned, after a look that another did, follows or is changed", () => {
  // The first look's verdict is the same by either version: nothing differs, and all of it is explained.
  const mixed = asReckonedBy(1, aRolledBack(), { looks: 1, isOther: false });
  expect(explainRollout(mixed)).toMatchObject({ fault: null, reckonedBy: null });
  const last = mixed.entries.at(-1);
  if (last === undefined) throw new TypeError("it has entries");
  const { hash: _, prevHash: __, number: ___, ...facts } = last;
  const forged = sealEntry(mixed.entries.at(-2) ?? null, { ...facts, verdict: { ...(facts.verdict as object), eHarm: 3 } as never });
  expect(explainRollout({ ...mixed, entries: [...mixed.entries.slice(0, -1), forged] })).toMatchObject({
    ...{ fault: expect.stringMatching(/^Entry 4 .* differs/), reckonedBy: null },
  });
});
