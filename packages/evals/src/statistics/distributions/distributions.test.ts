import { expect, test } from "vitest";
import { binomialTail } from "./binomialTail.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { studentQuantile, studentTail } from "./studentT.ts";

/** All values from SciPy 1.17. */
test.each([
  [-8, 6.22096057427174e-16],
  [-3, 0.0013498980316300933],
  [-1.3, 0.09680048458561036],
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [2.9999, 0.998649658717045],
  [3.5, 0.9997673709209645],
  [8, 0.9999999999999993],
])("normal: Pr(Z ≤ %d)", (z, probability) => {
  expect(normalCdf(z) / probability).toBeCloseTo(1, 12);
});

test.each([
  [1e-12, -7.034483825301131],
  [0.025, -1.9599639845400545],
  [0.3, -0.5244005127080409],
  [0.5, 0],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
])("normal: the quantile of %d", (probability, z) => {
  expect(normalQuantile(probability)).toBeCloseTo(z, 12);
});

test("Student's t", () => {
  expect(studentTail(2.3, 7)).toBeCloseTo(0.027495547602185796, 13);
  expect(studentTail(-1, 4)).toBeCloseTo(0.8130495168499705, 13);
  expect(studentQuantile(0.95, 49)).toBeCloseTo(1.6765508926168535, 11);
  expect(studentQuantile(0.025, 3.5)).toBeCloseTo(-2.9400886379827282, 11);
});

test("binomial", () => {
  expect(binomialTail(60, 180, 0.5)).toBeCloseTo(0.9999977827753681, 13);
  expect(binomialTail(3, 2000, 0.001)).toBeCloseTo(0.3233235612384794, 11);
  expect([binomialTail(0, 5, 0.2), binomialTail(6, 5, 0.2)]).toEqual([1, 0]);
});
