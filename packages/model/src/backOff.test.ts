import { expect, test } from "vitest";
import { backOffMs } from "./backOff.ts";

test("the pause doubles with each failure in a row", () => {
  expect([1, 2, 3, 4].map((failures) => backOffMs({ firstMs: 50, msMax: 1_000 }, failures))).toEqual([50, 100, 200, 400]);
});

test.each([5, 6, 100, 10_000])("after %i failures the pause is the longest", (failures) => {
  expect(backOffMs({ firstMs: 100, msMax: 1_500 }, failures)).toBe(1_500);
});
