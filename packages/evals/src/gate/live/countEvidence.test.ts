import { expect, test } from "vitest";
import { eValueOf } from "./capital.ts";
import { betOnCounts, NO_COUNT_EVIDENCE } from "./countEvidence.ts";

/** The mean evidence after `events`, each of which is the candidate's with the given probability. */
function expected(events: number, candidates: number, share: number, harmRatio: number): number {
  let [sum, probability] = [0, (1 - candidates) ** events];
  for (let candidate = 0; candidate <= events; candidate += 1) {
    sum += probability * eValueOf(betOnCounts(NO_COUNT_EVIDENCE, { candidate, stable: events - candidate }, { share, harmRatio }).harm);
    probability *= ((events - candidate) / (candidate + 1)) * (candidates / (1 - candidates));
  }
  return sum;
}

test("rates at the tolerated ratio gain no evidence on average, lower ones lose it, higher ones gain it", () => {
  expect(expected(12, 0.25, 0.25, 1)).toBeCloseTo(1, 12);
  expect(expected(12, 0.1 / 0.55, 0.1, 2)).toBeCloseTo(1, 12);
  expect(expected(12, 0.2, 0.25, 1)).toBeLessThan(1);
  expect(expected(12, 0.5, 0.25, 1)).toBeGreaterThan(10);
});

test("an event of the candidate, and one of each arm, come to what they come to by hand", () => {
  const after = (candidate: number, stable: number): number =>
    eValueOf(betOnCounts(NO_COUNT_EVIDENCE, { candidate, stable }, { share: 0.25, harmRatio: 1 }).harm);
  // An event is the candidate's with 1/4 at equal rates, with 5/17, 1/3, 2/5, 1/2, 4/7, 2/3, 8/11 and 10/13 at the bettors' ratios.
  expect(after(1, 0)).toBeCloseTo(2.131025, 6);
  expect(after(1, 1)).toBeCloseTo(1.175211, 6);
});

test("evidence multiplies over blocks, each with its own share", () => {
  const one = betOnCounts(NO_COUNT_EVIDENCE, { candidate: 3, stable: 1 }, { share: 0.05, harmRatio: 1 });
  const both = betOnCounts(one, { candidate: 2, stable: 2 }, { share: 0.5, harmRatio: 1 });
  const other = betOnCounts(NO_COUNT_EVIDENCE, { candidate: 2, stable: 2 }, { share: 0.5, harmRatio: 1 });
  both.harm.forEach((capital, index) => {
    expect(capital / ((one.harm[index] ?? 0) * (other.harm[index] ?? 0))).toBeCloseTo(1, 12);
  });
  expect(both.units).toEqual({ candidate: 5, stable: 3 });
});
