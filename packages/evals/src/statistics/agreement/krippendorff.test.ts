import { expect, test } from "vitest";
import { krippendorffAlpha } from "./krippendorff.ts";

/**
 * Four observers, twelve units, five categories, some of it missing: section C of Krippendorff (2011). A row is an observer; 0 is missing.
 */
const PUBLISHED = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
  [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
];
const unitsOf = (rows: readonly (readonly number[])[], categories: number) =>
  (rows[0] ?? []).map((_, unit) =>
    Array.from({ length: categories }, (__, category) => rows.filter((row) => row[unit] === category + 1).length),
  );

test("alpha of the published example", () => {
  const units = unitsOf(PUBLISHED, 5);
  expect(krippendorffAlpha(units, "nominal")).toBeCloseTo(0.743, 3);
  expect(krippendorffAlpha(units, "ordinal")).toBeCloseTo(0.815, 3);
});

test("alpha of two observers and two categories, without missing answers", () => {
  // Section A of the same text: ten units.
  const units = unitsOf(
    [
      [1, 2, 1, 1, 1, 1, 1, 1, 2, 1],
      [2, 2, 2, 1, 1, 2, 1, 1, 1, 1],
    ],
    2,
  );
  expect(krippendorffAlpha(units, "nominal")).toBeCloseTo(0.095, 3);
});

test("complete agreement is 1, and one answer throughout says nothing", () => {
  expect(
    krippendorffAlpha(
      [
        [2, 0],
        [0, 3],
        [1, 0],
      ],
      "nominal",
    ),
  ).toBe(1);
  expect(
    krippendorffAlpha(
      [
        [2, 0],
        [3, 0],
      ],
      "ordinal",
    ),
  ).toBeNaN();
  expect(krippendorffAlpha([], "nominal")).toBeNaN();
});
