import { expect, test } from "vitest";
import { meanOverUnits, sumsOfUnits } from "./meanOverUnits.ts";

test("12 of 50 units: Wilson's interval (Newcombe 1998: 0.1430 to 0.3741)", () => {
  const estimate = meanOverUnits(
    sumsOfUnits([
      { sum: 1, count: 1, weight: 12 },
      { sum: 0, count: 1, weight: 38 },
    ]),
    true,
  );
  expect(estimate?.value).toBeCloseTo(0.24, 12);
  expect(estimate?.interval.lower).toBeCloseTo(0.143, 4);
  expect(estimate?.interval.upper).toBeCloseTo(0.3741, 4);
});

test("values that agree within their unit tell no more than one of each", () => {
  const one = meanOverUnits(
    sumsOfUnits([
      { sum: 1, count: 1, weight: 12 },
      { sum: 0, count: 1, weight: 38 },
    ]),
    true,
  );
  const eight = meanOverUnits(
    sumsOfUnits([
      { sum: 8, count: 8, weight: 12 },
      { sum: 0, count: 8, weight: 38 },
    ]),
    true,
  );
  expect(eight?.interval.lower).toBeCloseTo(one?.interval.lower ?? 0, 10);
  expect(eight?.interval.upper).toBeCloseTo(one?.interval.upper ?? 0, 10);
});

test("values of any size: mean plus or minus 1.96 standard errors of its units", () => {
  // Units 1, 2, 3, 4: variance 5/3, standard error sqrt(5/12).
  const estimate = meanOverUnits(sumsOfUnits([1, 2, 3, 4].map((sum) => ({ sum, count: 1 }))), false);
  expect(estimate?.interval.lower).toBeCloseTo(2.5 - 1.959964 * Math.sqrt(5 / 12), 5);
});

test("equal values still have a wide interval, and no units have no estimate", () => {
  expect(meanOverUnits(sumsOfUnits([{ sum: 1, count: 1, weight: 10 }]), true)?.interval).toEqual({
    lower: expect.closeTo(0.7225, 3),
    upper: 1,
  });
  expect(meanOverUnits(sumsOfUnits([]), true)).toBeNull();
});
