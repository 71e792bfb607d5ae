import { expect, test } from "vitest";
import { blamed, eAverage, type Weighed } from "./combine.ts";

const ALPHA = 0.05;
const weighed = (...eValues: readonly number[]): Weighed[] =>
  eValues.map((eValue, index) => ({ name: `m${index}`, weight: index + 1, eValue }));

test("the average is weighted", () => {
  expect(eAverage(weighed(4, 1))).toBe(2);
  expect(eAverage([])).toBe(1);
});

/** Closed testing by definition: a metric is to blame when every set of metrics that contains it is. */
function blamedBySets(metrics: readonly Weighed[]): string[] {
  const sets = Array.from({ length: 2 ** metrics.length }, (_, bits) => metrics.filter((__, index) => (bits >> index) % 2 === 1));
  return metrics
    .filter((metric) => sets.filter((set) => set.includes(metric)).every((set) => eAverage(set) >= 1 / ALPHA))
    .map(({ name }) => name);
}

test.each([[[400, 0.2, 1]], [[25, 0.1, 0.1]], [[90, 80, 15, 0]], [[20]], [[19]], [[1000, 5, 1000, 3, 7]], [[30, 30, 30]]])(
  "of %j those are to blame that closed testing names",
  (eValues) => {
    const metrics = weighed(...eValues);
    expect(blamed(metrics, ALPHA)).toEqual(blamedBySets(metrics));
  },
);
