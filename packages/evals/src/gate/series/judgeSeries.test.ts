import { normalFrom } from "@signalbox/model";
import { expect, test } from "vitest";
import { seededRandom } from "../../statistics/seededRandom.ts";
import { judgeSeries, type SeriesPair } from "./judgeSeries.ts";

const stable = Array.from({ length: 20 }, (_value, bucket) => 10 + 3 * Math.sin(bucket / 3) + (bucket % 3) / 10);
const shifted = (by: number): number[] => stable.map((value, bucket) => value + by * (1 + bucket / 100));
const kindOf = (pair: SeriesPair): string | undefined => judgeSeries([pair], 0.02)[0]?.kind;

test("a shift is found in the direction that is harm, through what both go through together", () => {
  expect(kindOf({ stable, candidate: shifted(0.5), harm: "increase" })).toBe("high");
  expect(kindOf({ stable, candidate: shifted(0.5), harm: "decrease" })).toBe("pass");
  expect(kindOf({ stable, candidate: shifted(-0.5), harm: "decrease" })).toBe("low");
  expect(kindOf({ stable, candidate: shifted(-0.5), harm: "either" })).toBe("low");
  expect(kindOf({ stable, candidate: stable, harm: "either" })).toBe("pass");
});

test("too few pairs of buckets to find a shift are no data, and so are buckets that only one side has", () => {
  expect(kindOf({ stable: stable.slice(0, 5), candidate: shifted(9).slice(0, 5), harm: "increase" })).toBe("nodata");
  expect(kindOf({ stable: stable.slice(0, 6), candidate: shifted(9).slice(0, 6), harm: "increase" })).toBe("high");
  expect(kindOf({ stable: stable.map(() => Number.NaN), candidate: stable, harm: "increase" })).toBe("nodata");
  expect(judgeSeries([{ stable: [], candidate: [], harm: "either" }], 0.02)).toEqual([
    { kind: "nodata", pairs: 0, pValue: null, medianDifference: null },
  ]);
});

test("seven of ten buckets at a hundred times the baseline do not pass", () => {
  const ones = Array.from({ length: 10 }, (_value, bucket) => 1 + bucket / 100);
  expect(kindOf({ stable: ones, candidate: ones.map((value, bucket) => (bucket < 7 ? value * 100 : value)), harm: "increase" })).toBe(
    "high",
  );
});

test("of equal series at most alpha are called harmful, however many metrics there are", () => {
  const random = seededRandom(7);
  const noise = (): number[] => Array.from({ length: 12 }, () => normalFrom(random));
  let wrong = 0;
  for (let world = 0; world < 1_000; world += 1) {
    const pairs = Array.from({ length: 5 }, () => ({ stable: noise(), candidate: noise(), harm: "either" as const }));
    if (judgeSeries(pairs, 0.05).some(({ kind }) => kind !== "pass")) wrong += 1;
  }
  expect(wrong).toBeLessThan(50 + 3 * Math.sqrt(1_000 * 0.05 * 0.95));
});
