import { expect, test } from "vitest";
import { normalFrom, seededRandom } from "../seededRandom.ts";
import { clusteredMean } from "./clusteredMean.ts";
import { predictionPowered } from "./predictionPowered.ts";

const random = seededRandom(3);
const labels = Array.from({ length: 500 }, () => normalFrom(random));

test("a judge that is two too high, as in ppi_py's test of means, is put right exactly", () => {
  const labelled = labels.map((label) => ({ judged: label + 2, label }));
  expect(predictionPowered(Array(1000).fill(2), labelled, { confidence: 0.95, lambda: 1 }).estimate).toBeCloseTo(0, 12);
});

test("a judge that guesses is not trusted, and the estimate is that of the labels", () => {
  const labelled = labels.map((label) => ({ judged: normalFrom(random), label }));
  const unlabelled = Array.from({ length: 5_000 }, () => normalFrom(random));
  const { mean, standardError } = clusteredMean(labels);
  const powered = predictionPowered(unlabelled, labelled, { confidence: 0.975 });
  expect(powered.lambda).toBeLessThan(0.1);
  expect(powered.estimate).toBeCloseTo(mean, 1);
  expect(powered.standardError / standardError).toBeCloseTo(1, 1);
});

test("a judge that agrees narrows the interval to that of all items", () => {
  const all = Array.from({ length: 5_000 }, () => normalFrom(random));
  const labelled = labels.map((label) => ({ judged: label, label }));
  const powered = predictionPowered(all, labelled, { confidence: 0.975 });
  expect(powered.standardError).toBeCloseTo(clusteredMean([...all, ...labels]).standardError, 3);
});

test("a constant judge helps nothing and breaks nothing", () => {
  const powered = predictionPowered(
    [1, 1, 1],
    [
      { judged: 1, label: 0 },
      { judged: 1, label: 1 },
    ],
    { confidence: 0.95 },
  );
  expect([powered.lambda, powered.estimate]).toEqual([0, 0.5]);
});
