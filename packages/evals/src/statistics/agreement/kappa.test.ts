import { expect, test } from "vitest";
import { cohenKappa, kappaWithInterval, type RatedTwice } from "./kappa.ts";

/** Published tables; the weighted one and the interval by statsmodels. */
test("kappa of published tables", () => {
  expect(
    cohenKappa([
      [20, 5],
      [10, 15],
    ]),
  ).toBeCloseTo(0.4, 14);
  expect(
    cohenKappa([
      [45, 15],
      [25, 15],
    ]),
  ).toBeCloseTo(0.13043478260869554, 14);
  expect(
    cohenKappa(
      [
        [10, 3, 1],
        [2, 12, 4],
        [0, 5, 13],
      ],
      "quadratic",
    ),
  ).toBeCloseTo(0.7051114023591087, 14);
});

const cell = (one: string, other: string, count: number): RatedTwice[] => Array<RatedTwice>(count).fill({ one, other });
const table = [...cell("yes", "yes", 20), ...cell("yes", "no", 5), ...cell("no", "yes", 10), ...cell("no", "no", 15)];

test("the bootstrap's interval is near that of the asymptotic error", () => {
  const { value, lower, upper } = kappaWithInterval(table, ["yes", "no"], { resamples: 4_000, seed: 1 });
  expect(value).toBeCloseTo(0.4, 14);
  expect(Math.abs(lower - 0.151)).toBeLessThan(0.04);
  expect(Math.abs(upper - 0.649)).toBeLessThan(0.04);
});

test("complete agreement is 1, chance is 0, and one category alone says nothing", () => {
  expect(
    cohenKappa([
      [5, 0],
      [0, 5],
    ]),
  ).toBe(1);
  expect(
    cohenKappa([
      [25, 25],
      [25, 25],
    ]),
  ).toBe(0);
  expect(
    cohenKappa([
      [10, 0],
      [0, 0],
    ]),
  ).toBeNaN();
});
