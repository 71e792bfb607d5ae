import { expect, test } from "vitest";
import { aGuardrail, aLivePolicy } from "./policyBuilders.ts";
import { type Exposure, type UnitEvent, unitBlocks } from "./unitBlocks.ts";

const POLICY = aLivePolicy({ metrics: [aGuardrail(), { name: "dlq", role: "guardrail", kind: "count" }] });
const LAG = { lagMs: 1_000 };

/** Units 0 to n - 1 begin a millisecond apart; every other is the candidate's. */
const exposures = (n: number, changes: Partial<Exposure> = {}): Exposure[] =>
  Array.from({ length: n }, (_, at) => {
    const arm = at % 2 === 0 ? "candidate" : "stable";
    return { unit: `u${String(at).padStart(3, "0")}`, arm, step: 1, share: 0.5, at, ...changes };
  });
const score = (unit: string, value: number, at: number): UnitEvent => ({ kind: "value", unit, metric: "task_success", value, at });
const scored = (units: readonly Exposure[], value = 1): UnitEvent[] => units.map(({ unit, at }) => score(unit, value, at + 10));

test("a block closes when its units are settled, in the order of assignment", () => {
  const units = exposures(20);
  const events = scored(units).filter(({ unit }) => unit !== "u003");
  expect(unitBlocks(units, events, POLICY, { ...LAG, now: 500 })).toMatchObject({ blocks: [], waiting: 20 });
  const later = unitBlocks(units, events, POLICY, { ...LAG, now: 1_003 });
  expect(later).toMatchObject({ waiting: 4, crossed: 0, ignored: 0 });
  expect(later.blocks.map(({ means }) => means.task_success)).toEqual([
    { candidate: { n: 4, sum: 4, sumSquares: 4 }, stable: { n: 4, sum: 3, sumSquares: 3 } },
    { candidate: { n: 4, sum: 4, sumSquares: 4 }, stable: { n: 4, sum: 4, sumSquares: 4 } },
  ]);
});

test("each unit counts once, however often, in whatever order and however late it is told of", () => {
  const units = exposures(24);
  const events: UnitEvent[] = [...scored(units), { kind: "value", unit: "u002", metric: "dlq", value: 1, at: 5 }];
  const told = unitBlocks(units, events, POLICY, { ...LAG, now: 2_000 });
  const again = [
    ...events,
    score("u004", 0, 100),
    score("u005", 0, 1_900),
    { ...events.at(-1), at: 7 } as UnitEvent,
    score("stranger", 0, 9),
  ];
  const shuffled = unitBlocks(
    [...units.toReversed(), ...units.map((unit) => ({ ...unit, at: unit.at + 50 }))],
    [...again, ...again].toReversed(),
    POLICY,
    { ...LAG, now: 2_000 },
  );
  expect(shuffled.blocks).toEqual(told.blocks);
  expect(shuffled.ignored).toBe(again.length * 2 - events.length);
  expect(told.blocks[0]?.counts).toEqual({ dlq: { candidate: 1, stable: 0 } });
});

test("what is not scored in time, or is dead, failed", () => {
  const units = exposures(8);
  const events: UnitEvent[] = [...scored(units).slice(2), { kind: "dead", unit: "u002", at: 4 }, score("u000", 1, 1_001)];
  const [block] = unitBlocks(units, events, POLICY, { ...LAG, now: 5_000 }).blocks;
  expect(block?.means.task_success).toEqual({ candidate: { n: 4, sum: 2, sumSquares: 2 }, stable: { n: 4, sum: 3, sumSquares: 3 } });
});

test("a metric that is scored on a sample has the sample's units only", () => {
  const policy = aLivePolicy({
    metrics: [aGuardrail(), aGuardrail({ name: "helpful", role: "signal", kind: "score", range: [1, 5], sample: 0.2 })],
  });
  const units = exposures(8);
  const events: UnitEvent[] = [...scored(units), { kind: "value", unit: "u001", metric: "helpful", value: 4, at: 2 }];
  const [block] = unitBlocks(units, events, policy, { ...LAG, now: 5_000 }).blocks;
  expect(block?.means.helpful).toEqual({ candidate: { n: 0, sum: 0, sumSquares: 0 }, stable: { n: 1, sum: 0.75, sumSquares: 0.5625 } });
});

test("a unit that was seen in both arms counts where it was first", () => {
  const units = exposures(8);
  const crossing: Exposure = { unit: "u001", arm: "candidate", step: 1, share: 0.5, at: 3 };
  const { blocks, crossed } = unitBlocks([crossing, ...units], scored(units), POLICY, { ...LAG, now: 5_000 });
  expect(crossed).toBe(1);
  expect(blocks[0]?.units).toEqual({ candidate: 4, stable: 4 });
});

test("blocks never hold units of two steps, and what is left of a step that is over closes", () => {
  const units = [
    ...exposures(11, { step: 0, share: 0.25 }),
    ...exposures(8).map((unit) => ({ ...unit, unit: `v${unit.unit}`, at: 100 + unit.at })),
  ];
  const { blocks } = unitBlocks(units, scored(units), POLICY, { ...LAG, now: 5_000 });
  expect(blocks.map(({ step, units: of }) => [step, of.candidate + of.stable])).toEqual([
    [0, 8],
    [0, 3],
    [1, 8],
  ]);
});

test("the blocks of a moment are the first of those of a later one", () => {
  const units = exposures(200);
  const events = scored(units, 0).filter((_, index) => index % 7 !== 0);
  const all = unitBlocks(units, events, POLICY, { ...LAG, now: 10_000 }).blocks;
  for (const now of [0, 40, 300, 1_050, 1_100, 1_190])
    expect(all.slice(0, unitBlocks(units, events, POLICY, { ...LAG, now }).blocks.length)).toEqual(
      unitBlocks(units, events, POLICY, { ...LAG, now }).blocks,
    );
});
