import type { PerArm, Tally } from "@signalbox/model";
import { expect, test } from "vitest";
import { eValueOf } from "./capital.ts";
import { betOnBlock, type MeanEvidence, NO_MEAN_EVIDENCE } from "./meanEvidence.ts";

const MARGINS = { harm: 0, safety: 0.1 };

type Outcome = { block: PerArm<Tally>; probability: number };

/**
 * Every block of this many units that are assigned by a toss and succeed
 * by a toss, with its probability; blocks of equal counts are merged.
 */
function everyBlock(units: number, share: number, rates: PerArm<number>): Outcome[] {
  const kinds = [
    { arm: "candidate", isSuccess: true, probability: share * rates.candidate },
    { arm: "candidate", isSuccess: false, probability: share * (1 - rates.candidate) },
    { arm: "stable", isSuccess: true, probability: (1 - share) * rates.stable },
    { arm: "stable", isSuccess: false, probability: (1 - share) * (1 - rates.stable) },
  ] as const;
  const none: Tally = { n: 0, sum: 0, sumSquares: 0 };
  let outcomes = new Map<string, Outcome>([["", { block: { candidate: none, stable: none }, probability: 1 }]]);
  for (let unit = 0; unit < units; unit += 1) {
    const next = new Map<string, Outcome>();
    for (const { block, probability } of outcomes.values())
      for (const kind of kinds) {
        const { n, sum } = block[kind.arm];
        const successes = sum + Number(kind.isSuccess);
        const grown = { ...block, [kind.arm]: { n: n + 1, sum: successes, sumSquares: successes } };
        const key = JSON.stringify(grown);
        next.set(key, { block: grown, probability: (next.get(key)?.probability ?? 0) + probability * kind.probability });
      }
    outcomes = next;
  }
  return [...outcomes.values()];
}

/** The mean e-values after one block at each of the given rates: over every course of events, weighted by its probability. */
function expected(worlds: readonly PerArm<number>[], share: number): { harm: number; safety: number } {
  const sums = { harm: 0, safety: 0 };
  const outcomes = worlds.map((rates) => everyBlock(4, share, rates));
  const follow = (evidence: MeanEvidence, probability: number, world: number): void => {
    const next = outcomes[world];
    if (next === undefined) {
      sums.harm += probability * eValueOf(evidence.harm);
      sums.safety += probability * eValueOf(evidence.safety);
      return;
    }
    for (const outcome of next) follow(betOnBlock(evidence, outcome.block, MARGINS), probability * outcome.probability, world + 1);
  };
  follow(NO_MEAN_EVIDENCE, 1, 0);
  return sums;
}

const equal = (rate: number): PerArm<number> => ({ candidate: rate, stable: rate });

test.each([
  ["steady", [equal(0.8), equal(0.8), equal(0.8)], 0.5],
  ["drifting", [equal(0.9), equal(0.3), equal(0.6)], 0.25],
])("an equal candidate gains no evidence of harm on average, in a %s world", (_, worlds, share) => {
  expect(expected(worlds, share).harm).toBeCloseTo(1, 10);
});

test("on average a better candidate loses evidence of harm and a worse one gains it", () => {
  expect(expected([{ candidate: 0.7, stable: 0.5 }, equal(0.5), equal(0.5)], 0.5).harm).toBeLessThan(1);
  expect(expected([{ candidate: 0.5, stable: 0.7 }, equal(0.5), equal(0.5)], 0.5).harm).toBeGreaterThan(1);
});

test("one that is worse by exactly the margin gains no evidence of safety on average, one that is worse still loses it", () => {
  const [one, two] = [
    { candidate: 0.7, stable: 0.8 },
    { candidate: 0.2, stable: 0.3 },
  ];
  expect(expected([one, two, one], 0.25).safety).toBeCloseTo(1, 10);
  expect(expected([{ candidate: 0.5, stable: 0.8 }, two, one], 0.25).safety).toBeLessThan(1);
  expect(expected([equal(0.8), equal(0.8), equal(0.3)], 0.25).safety).toBeGreaterThan(1);
});

test("two blocks come to what they come to by hand", () => {
  const tally = (sum: number, n: number): Tally => ({ n, sum, sumSquares: sum });
  // D = 2/4 - 3/4, known with the widest variance, 1/4, over 4 · 4 / 8 units: stakes of 8 times the effect, 0.9 at most, and 1 of safety.
  const first = betOnBlock(NO_MEAN_EVIDENCE, { candidate: tally(2, 4), stable: tally(3, 4) }, MARGINS);
  expect(eValueOf(first.harm)).toBeCloseTo((1.1 + 1.2 + 1.225 + 1.225) / 4, 12);
  expect(eValueOf(first.safety)).toBeCloseTo((0.94 + 0.88 + 0.85) / 3, 12);
  // D = 1, with the variance of the eight units before it and four guessed ones, (5 - 25/8 + 1) / 12, over 1 · 3 / 4 units.
  const second = betOnBlock(first, { candidate: tally(1, 1), stable: tally(0, 3) }, MARGINS);
  expect(eValueOf(second.harm)).toBeCloseTo(0.583179, 6);
  expect(eValueOf(second.safety)).toBeCloseTo(1.240087, 6);
});

test("a block with an empty arm counts its units and is no evidence", () => {
  const after = betOnBlock(
    NO_MEAN_EVIDENCE,
    { candidate: { n: 0, sum: 0, sumSquares: 0 }, stable: { n: 8, sum: 3, sumSquares: 3 } },
    MARGINS,
  );
  expect(after).toEqual({ ...NO_MEAN_EVIDENCE, arms: { ...NO_MEAN_EVIDENCE.arms, stable: { n: 8, sum: 3, sumSquares: 3 } } });
});

test("a block in which an arm has no scored unit adds no evidence of safety, and may take some away", () => {
  const told = { candidate: { n: 4, sum: 4, sumSquares: 4 }, stable: { n: 4, sum: 0, sumSquares: 0 } };
  const after = (block: PerArm<Tally>, unscored: PerArm<number>) => betOnBlock(NO_MEAN_EVIDENCE, block, MARGINS, unscored);
  const both = { candidate: told.stable, stable: told.stable };
  expect(eValueOf(after(both, { candidate: 4, stable: 4 }).safety)).toBe(1);
  expect(eValueOf(after(told, { candidate: 0, stable: 4 }).safety)).toBe(1);
  expect(eValueOf(after(told, { candidate: 0, stable: 3 }).safety)).toBeGreaterThan(1);
  const candidateSilent = after({ candidate: told.stable, stable: told.candidate }, { candidate: 4, stable: 0 });
  expect(eValueOf(candidateSilent.safety)).toBeLessThan(1);
  expect(eValueOf(candidateSilent.harm)).toBeGreaterThan(1);
});
