import { normalFrom } from "@signalbox/model";
import { expect, test } from "vitest";
import { seededRandom } from "../seededRandom.ts";
import { mcNemarPower } from "./mcNemarPower.ts";
import { detectableBy, itemsNeeded, minimumDetectable, normalPower, wilcoxonPower } from "./power.ts";
import { wilcoxonSignedRank } from "./wilcoxonSignedRank.ts";

test("Miller's example: three points with a variance of 1/9 need 969 items", () => {
  const variances = { between: 1 / 9, withinBaseline: 0, withinCandidate: 0, repeatsBaseline: 1, repeatsCandidate: 1 };
  expect(itemsNeeded(0.03, variances, { alpha: 0.025, power: 0.8 })).toBe(969);
  expect(minimumDetectable(Math.sqrt(1 / 9 / 969), { alpha: 0.025, power: 0.8 })).toBeCloseTo(0.03, 5);
});

test("repeats lower only what varies within items", () => {
  const noisy = { between: 0.1, withinBaseline: 0.2, withinCandidate: 0.2, repeatsBaseline: 1, repeatsCandidate: 1 };
  const repeated = { ...noisy, repeatsBaseline: 4, repeatsCandidate: 4 };
  expect(itemsNeeded(0.05, repeated, { alpha: 0.05, power: 0.8 }) / itemsNeeded(0.05, noisy, { alpha: 0.05, power: 0.8 })).toBeCloseTo(
    0.2 / 0.5,
    3,
  );
});

test("what is just detectable is found with the power asked for", () => {
  expect(normalPower(minimumDetectable(0.02, { alpha: 0.05, power: 0.9 }), 0.02, 0.05)).toBeCloseTo(0.9, 12);
});

/** Summed over all tables with SciPy. */
test.each([
  [50, 0.38, 0.2, 0.7018459411606413],
  [300, 0.2, 0.05, 0.5714733077946125],
  [300, 0.2, 0, 0.03855497176633613],
  [40, 0.1, 0.1, 0.3709823034657985],
])("McNemar's exact power: %d items, %d discordant, %d lower", (items, discordance, drop, power) => {
  expect(mcNemarPower(items, discordance, drop, 0.05)).toBeCloseTo(power, 9);
});

test("a drop that cannot be missed has a power of 1, and not more", () => {
  expect(mcNemarPower(2_000, 0.2, 0.1, 0.05)).toBeLessThanOrEqual(1);
});

test("what McNemar's test can find is where its power reaches the one asked for", () => {
  const drop = detectableBy((at) => mcNemarPower(300, Math.max(0.2, at), at, 0.05), 0.8, 1);
  expect(mcNemarPower(300, 0.2, drop, 0.05)).toBeCloseTo(0.8, 4);
  expect(detectableBy((at) => mcNemarPower(4, at, at, 0.05), 0.8, 1)).toBe(1);
});

test("Wilcoxon's power is what simulations find", () => {
  const random = seededRandom(11);
  const sims = 2_000;
  let found = 0;
  for (let sim = 0; sim < sims; sim += 1) {
    const { pWorse } = wilcoxonSignedRank(Array.from({ length: 100 }, () => normalFrom(random) - 0.2));
    if (pWorse <= 0.05) found += 1;
  }
  const power = wilcoxonPower(100, 0.2, 0.05);
  expect(Math.abs(found / sims - power)).toBeLessThan(3 * Math.sqrt((power * (1 - power)) / sims));
});
