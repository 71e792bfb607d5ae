import { expect, test } from "vitest";
import { countSplit, startSampleRatio } from "./sampleRatio.ts";

test.each([
  [2, 86.4],
  [1_000, 2163],
])("the published example of 821,588 and 815,482 units, with concentration %d", (concentration, eValue) => {
  let split = startSampleRatio(0.5);
  const PARTS = 1_000;
  const part = (units: number, index: number): number => Math.floor((units * (index + 1)) / PARTS) - Math.floor((units * index) / PARTS);
  for (let index = 0; index < PARTS; index += 1)
    split = countSplit(split, { candidate: part(821_588, index), stable: part(815_482, index) }, 0.5, concentration);
  expect(split.eValue / eValue).toBeCloseTo(1, 2);
});

test("units split as wanted gain no evidence on average", () => {
  let [sum, probability] = [0, 0.75 ** 12];
  for (let candidate = 0; candidate <= 12; candidate += 1) {
    sum += probability * countSplit(startSampleRatio(0.25), { candidate, stable: 12 - candidate }, 0.25).eValue;
    probability *= (12 - candidate) / (candidate + 1) / 3;
  }
  expect(sum).toBeCloseTo(1, 12);
});

test("a new share restarts the count of units and keeps the evidence", () => {
  const first = countSplit(startSampleRatio(0.25), { candidate: 40, stable: 40 }, 0.25);
  const second = countSplit(first, { candidate: 5, stable: 5 }, 0.5);
  expect(second.units).toEqual({ candidate: 5, stable: 5 });
  expect(second.eValue / first.eValue).toBeCloseTo(countSplit(startSampleRatio(0.5), { candidate: 5, stable: 5 }, 0.5).eValue, 12);
});
