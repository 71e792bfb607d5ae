import { expect, test } from "vitest";
import { clusteredMean } from "./clusteredMean.ts";
import { momentsOf, poweredMean, predictionPowered } from "./predictionPowered.ts";
import { normalFrom, seededRandom } from "./seededRandom.ts";

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

test("a mean is put right by the sums of earlier labels as by the labels themselves, and holds the truth where they are among its items", () => {
  const draw = seededRandom(11);
  const person = () => Number(draw() < 0.7);
  const judge = (label: number) => Number(draw() < (label === 1 ? 0.95 : 0.45));
  let covered = 0;
  const sims = 1_000;
  for (let sim = 0; sim < sims; sim += 1) {
    const items = Array.from({ length: 400 }, () => {
      const label = person();
      return { label, judged: judge(label) };
    });
    const { mean, standardError } = clusteredMean(items.map(({ judged }) => judged));
    const { lower, upper } = poweredMean({ mean, standardError, items: items.length }, momentsOf(items.slice(0, 150)), 0.975);
    if (lower <= 0.7 && 0.7 <= upper) covered += 1;
  }
  expect(covered / sims).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / sims));
});
