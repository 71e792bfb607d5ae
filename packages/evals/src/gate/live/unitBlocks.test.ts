import { Block, type Exposure, type UnitEvent } from "@signalbox/model";
import { expect, test } from "vitest";
import { advance, startGate } from "./gateState.ts";
import { look } from "./look.ts";
import { aGuardrail, aLivePolicy } from "./policyBuilders.ts";
import { unitBlocks, unitsAgainst } from "./unitBlocks.ts";

const onMissing = { scoringLag: "1s" };
const POLICY = aLivePolicy({ onMissing, metrics: [aGuardrail(), { name: "dlq", role: "guardrail", kind: "count" }] });

/** Units 0 to n - 1 begin a millisecond apart; every other one is the candidate's. */
const exposures = (n: number, changes: Partial<Exposure> = {}): Exposure[] =>
  Array.from({ length: n }, (_, at) => {
    const arm = at % 2 === 0 ? "candidate" : "stable";
    return { unit: `u${String(at).padStart(3, "0")}`, arm, step: 1, share: 0.5, at, ...changes };
  });
const score = (unit: string, value: number, at: number): UnitEvent => ({ kind: "value", unit, metric: "task_success", value, at });
const count = (unit: string, value: number, at: number): UnitEvent => ({ kind: "value", unit, metric: "dlq", value, at });
/** Units that were served: scored, and none of them dead. */
const scored = (units: readonly Exposure[], value = 1): UnitEvent[] =>
  units.flatMap(({ unit, at }) => [score(unit, value, at + 10), count(unit, 0, at + 11)]);

test("a block closes when the lag of its units is over, in the order of assignment", () => {
  const units = exposures(20);
  const events = scored(units).filter(({ unit }) => unit !== "u003");
  expect(unitBlocks(units, events, POLICY, 1_006)).toMatchObject({ blocks: [], waiting: 20 });
  const later = unitBlocks(units, events, POLICY, 1_015);
  expect(later).toMatchObject({ waiting: 4, crossed: 0, ignored: 0 });
  expect(later.blocks.map(({ means }) => means.task_success)).toEqual([
    { candidate: { n: 4, sum: 4, sumSquares: 4 }, stable: { n: 4, sum: 3, sumSquares: 3 } },
    { candidate: { n: 4, sum: 4, sumSquares: 4 }, stable: { n: 4, sum: 4, sumSquares: 4 } },
  ]);
});

test("each unit counts once, however often, in whatever order and however late it is told of", () => {
  const units = exposures(24);
  const events: UnitEvent[] = [...scored(units), count("u002", 1, 60)];
  const told = unitBlocks(units, events, POLICY, 2_000);
  const again = [...events, score("u004", 0, 100), score("u005", 0, 1_900), count("u002", 1, 70), score("stranger", 0, 9)];
  const shuffled = unitBlocks(
    [...units.toReversed(), ...units.map((unit) => ({ ...unit, at: unit.at + 50 }))],
    [...again, ...again].toReversed(),
    POLICY,
    2_000,
  );
  expect(shuffled.blocks).toEqual(told.blocks);
  expect(shuffled.ignored).toBe(again.length * 2 - events.length);
  expect(told.blocks[0]?.counts).toEqual({ dlq: { candidate: 1, stable: 0 } });
});

test("what is not scored in time, or is dead, failed", () => {
  const units = exposures(8);
  const events: UnitEvent[] = [...scored(units.slice(2)), { kind: "dead", unit: "u002", at: 4 }, score("u000", 1, 1_001)];
  const [block] = unitBlocks(units, events, POLICY, 5_000).blocks;
  expect(block?.means.task_success).toEqual({ candidate: { n: 4, sum: 2, sumSquares: 2 }, stable: { n: 4, sum: 3, sumSquares: 3 } });
});

test("what happens to a unit after its score counts until the lag is over", () => {
  const units = exposures(8);
  const events: UnitEvent[] = [
    ...scored(units),
    count("u001", 1, 600),
    ...units.flatMap(({ unit, arm }): UnitEvent[] => (arm === "stable" ? [] : [{ kind: "dead", unit, at: 500 }, count(unit, 1, 501)])),
  ];
  const { blocks, ignored } = unitBlocks(units, events, POLICY, 5_000);
  expect(ignored).toBe(0);
  expect(blocks).toMatchObject([
    { means: { task_success: { candidate: { n: 4, sum: 0 }, stable: { n: 4, sum: 4 } } }, counts: { dlq: { candidate: 4, stable: 1 } } },
  ]);
});

test("a metric that is scored on a sample has the sample's units only", () => {
  const policy = aLivePolicy({
    onMissing,
    metrics: [aGuardrail(), aGuardrail({ name: "helpful", role: "signal", kind: "score", range: [1, 5], sample: 0.2 })],
  });
  const units = exposures(8);
  const events: UnitEvent[] = [...scored(units), { kind: "value", unit: "u001", metric: "helpful", value: 4, at: 2 }];
  const [block] = unitBlocks(units, events, policy, 5_000).blocks;
  expect(block?.means.helpful).toEqual({ candidate: { n: 0, sum: 0, sumSquares: 0 }, stable: { n: 1, sum: 0.75, sumSquares: 0.5625 } });
});

test("the dead have their share of a sample and no more: a mean of the sample is that of all units", () => {
  const helpful = aGuardrail({ name: "helpful", kind: "score", range: [0, 1], sample: 0.1 });
  const policy = aLivePolicy({ onMissing, metrics: [helpful, { name: "dlq", role: "guardrail", kind: "count" }] });
  const units = exposures(24_000);
  // Every fifth dies; of the others one in ten is scored, the stable version's with 1 and the candidate's with 0.75.
  const events = units.flatMap(({ unit, arm, at }, index): UnitEvent[] => {
    if (Math.floor(index / 2) % 5 === 0) return [{ kind: "dead", unit, at }];
    const told = Math.floor(index / 10) % 10 === 0;
    return told ? [{ kind: "value", unit, metric: "helpful", value: arm === "stable" ? 1 : 0.75, at }] : [];
  });
  const { blocks } = unitBlocks(units, events, policy, 60_000);
  const { means } = blocks.reduce((known, block) => advance(known, block, policy), startGate(policy));
  const of = (arm: Exposure["arm"]): number => (means.helpful?.arms[arm].sum ?? 0) / (means.helpful?.arms[arm].n ?? 1);
  expect([of("stable"), of("candidate")]).toEqual([expect.closeTo(0.8, 1), expect.closeTo(0.6, 1)]);
  const { against } = unitsAgainst(units, events, policy, { now: 60_000, blocks: blocks.length, metric: "helpful" });
  const drawn = against.filter(({ because }) => because === "dead").length;
  expect([drawn > 200, drawn < 280]).toEqual([true, true]);
});

test("a unit that was seen in both arms counts where it was first", () => {
  const units = exposures(8);
  const crossing: Exposure = { unit: "u001", arm: "candidate", step: 1, share: 0.5, at: 3 };
  const { blocks, crossed } = unitBlocks([crossing, ...units], scored(units), POLICY, 5_000);
  expect(crossed).toBe(1);
  expect(blocks[0]?.units).toEqual({ candidate: 4, stable: 4 });
});

test("blocks never hold units of two steps, and what is left of a step that is over closes", () => {
  const units = [
    ...exposures(11, { step: 0, share: 0.25 }),
    ...exposures(8).map((unit) => ({ ...unit, unit: `v${unit.unit}`, at: 100 + unit.at })),
  ];
  const { blocks } = unitBlocks(units, scored(units), POLICY, 5_000);
  expect(blocks.map(({ step, units: of }) => [step, of.candidate + of.stable])).toEqual([
    [0, 8],
    [0, 3],
    [1, 8],
  ]);
});

test("units that are still given to an old step make blocks of their own, and their step keeps its units", () => {
  const at = (unit: string, ms: number, step: number): Exposure => ({ unit, arm: "candidate", step, share: 0.5, at: ms });
  const units = [at("a", 0, 0), at("b", 100, 1), at("c", 200, 0), ...exposures(7).map((unit) => ({ ...unit, at: 300 + unit.at }))];
  const { blocks } = unitBlocks(units, [], POLICY, 5_000);
  expect(blocks.map(({ step, units: of }) => [step, of.candidate + of.stable])).toEqual([
    [0, 1],
    [1, 8],
    [0, 1],
  ]);
  const state = blocks.reduce((known, block) => advance(known, block, POLICY), startGate(POLICY));
  expect(state.steps).toEqual([
    { candidate: 2, stable: 0 },
    { candidate: 5, stable: 3 },
  ]);
});

test("the blocks of a moment are the first of those of a later one, over steps and whoever is late", () => {
  const units = exposures(200).map((unit, index) => ({ ...unit, at: index * 20, step: index > 50 && index % 60 !== 0 ? 1 : 0 }));
  const events = scored(units, 0).filter((_, index) => index % 7 !== 0);
  const all = unitBlocks(units, events, POLICY, 10_000).blocks;
  for (let now = 0; now < 6_000; now += 130) {
    const { blocks } = unitBlocks(units, events, POLICY, now);
    expect(all.slice(0, blocks.length)).toEqual(blocks);
  }
});

test("a rollout of which nobody tells anything, or less than the policy wants, is held, and shows no safety", () => {
  const units = exposures(1_400);
  const verdictOn = (events: readonly UnitEvent[]) => {
    const { blocks } = unitBlocks(units, events, POLICY, 10_000);
    return look(
      blocks.reduce((known, block) => advance(known, block, POLICY), startGate(POLICY)),
      POLICY,
      { step: 1 },
    );
  };
  const silent = verdictOn([]);
  expect(silent).toMatchObject({ kind: "hold", grounds: "not_scored", metrics: [{ eSafe: 1, standing: "open" }, {}] });
  const nobody = "of 700 of the 700 units of the candidate";
  expect(silent.reason).toBe(`task_success ${nobody} and dlq ${nobody} have no value.`);
  const halfTold = scored(units.filter((_, index) => index % 8 < 3));
  expect(verdictOn(halfTold)).toMatchObject({ kind: "hold", grounds: "not_scored" });
  expect(verdictOn(scored(units))).toMatchObject({ kind: "promote", grounds: "shown_safe" });
  const dead = units.map(({ unit, at }): UnitEvent => ({ kind: "dead", unit, at }));
  expect(verdictOn(dead)).toMatchObject({ kind: "promote", grounds: "shown_safe" });
});

test("by counts alone, a candidate that serves nobody is rolled back, and one beside a stable version that serves nobody is held", () => {
  const policy = aLivePolicy({ onMissing, metrics: [{ name: "dlq", role: "guardrail", kind: "count" }] });
  const units = exposures(400);
  const verdictOn = (served: readonly Exposure[]) => {
    const { blocks } = unitBlocks(units, scored(served), policy, 10_000);
    return look(
      blocks.reduce((known, block) => advance(known, block, policy), startGate(policy)),
      policy,
      { step: 1 },
    );
  };
  const stable = units.filter(({ arm }) => arm === "stable");
  expect(verdictOn(stable)).toMatchObject({
    kind: "rollback",
    grounds: "evidence",
    metrics: [{ standing: "worse", mean: { candidate: 1, stable: 0 } }],
  });
  expect(verdictOn([])).toMatchObject({ kind: "hold", grounds: "not_scored" });
  expect(verdictOn(units)).toMatchObject({ kind: "promote", grounds: "shown_safe" });
});

test("a breaker's limit is on what it names: who is not served is none of it", () => {
  const breaker = { name: "crash", role: "breaker", kind: "count", failureCondition: "canary.count >= 1" } as const;
  const policy = aLivePolicy({ onMissing, metrics: [aGuardrail(), breaker] });
  const [block] = unitBlocks(exposures(8), [{ kind: "dead", unit: "u000", at: 5 }], policy, 5_000).blocks;
  expect(block?.counts).toEqual({ crash: { candidate: 0, stable: 0 } });
});

test("a block says how many of each metric's units nobody told of, and one without that is read as told", () => {
  const units = exposures(8);
  const events: UnitEvent[] = [...scored(units.slice(3)), { kind: "dead", unit: "u002", at: 4 }];
  const [block] = unitBlocks(units, events, POLICY, 5_000).blocks;
  const untold = { candidate: 1, stable: 1 };
  expect(block?.unscored).toEqual({ task_success: untold, dlq: untold });
  expect(block?.counts.dlq).toEqual({ candidate: 2, stable: 1 });
  const { unscored: _, ...old } = block as Block;
  const state = advance(startGate(POLICY), Block.parse(old), POLICY);
  expect(state.means.task_success?.unscored).toEqual({ candidate: 0, stable: 0 });
});

test("the units that counted against a candidate are those of the blocks that were known, each with why", () => {
  const units = exposures(24);
  const events: UnitEvent[] = [
    ...scored(units.slice(4)),
    score("u000", 0, 10),
    score("u001", 0, 10),
    { kind: "dead", unit: "u004", at: 20 },
    count("u004", 1, 20),
    { kind: "dead", unit: "u010", at: 20 },
    count("u010", 1, 20),
  ];
  const against = (metric: string, blocks: number) => unitsAgainst(units, events, POLICY, { now: 5_000, blocks, metric });
  expect(against("task_success", 1)).toEqual({
    units: 4,
    against: [
      { unit: "u000", at: 0, because: "value" },
      { unit: "u002", at: 2, because: "untold" },
      { unit: "u004", at: 4, because: "dead" },
    ],
  });
  expect(against("dlq", 3)).toEqual({
    units: 12,
    against: [
      { unit: "u000", at: 0, because: "untold" },
      { unit: "u002", at: 2, because: "untold" },
      { unit: "u004", at: 4, because: "value" },
      { unit: "u010", at: 10, because: "value" },
    ],
  });
  expect(against("nothing", 3).against).toEqual([]);
});

test("of a metric that is no share, units that did worse than stable ones on average count against a candidate", () => {
  const cost = { name: "cost_usd", role: "guardrail", kind: "bounded", cap: 1, direction: "decrease", nonInferiorityMargin: 0.1 } as const;
  const policy = aLivePolicy({ onMissing, metrics: [cost] });
  const units = exposures(8);
  const events = units.map(({ unit, at, arm }): UnitEvent => {
    return { kind: "value", unit, metric: "cost_usd", value: arm === "stable" ? 0.2 : at / 10, at: at + 10 };
  });
  const { against } = unitsAgainst(units, events, policy, { now: 5_000, blocks: 1, metric: "cost_usd" });
  expect(against.map(({ unit }) => unit)).toEqual(["u004", "u006"]);
});
