import { normalFrom } from "@signalbox/model";
import { expect, test } from "vitest";
import { seededRandom, seedOf } from "../seededRandom.ts";
import { clopperPearson } from "./clopperPearson.ts";
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

const alike = (judged: number, label: number, count: number) => Array.from({ length: count }, () => ({ judged, label }));

test("labels that all agree are no certainty: of 20 passes the exact interval is told (0.8316 to 1)", () => {
  const powered = predictionPowered(Array(80).fill(1), alike(1, 1, 20), { confidence: 0.975, isRate: true });
  expect(powered).toMatchObject({ estimate: 1, ...clopperPearson(20, 20, 0.975) });
  expect(powered.lower).toBeCloseTo(0.8316, 4);
});

test("a judge that never differed from people on a few labels may still: the interval is as wide as what was not seen", () => {
  const labelled = [...alike(1, 1, 70), ...alike(0, 0, 30)];
  const unlabelled = Array.from({ length: 1_000 }, (_, index) => Number(index % 10 < 7));
  const { estimate, lower, upper } = predictionPowered(unlabelled, labelled, { confidence: 0.975, isRate: true });
  expect(estimate).toBeCloseTo(0.7, 10);
  // A difference in none of 100 labels occurs in at most 1 - 0.0125^(1/100) of the rest: 4.3 %.
  expect([lower, upper]).toEqual([expect.closeTo(0.7 - 0.075, 2), expect.closeTo(0.7 + 0.075, 2)]);
});

test("a rate lies between 0 and 1, and its interval does", () => {
  const labelled = [...alike(1, 1, 90), ...alike(0, 1, 5), ...alike(0, 0, 5)];
  const { estimate, upper } = predictionPowered(Array(1_000).fill(1), labelled, { confidence: 0.975, isRate: true, lambda: 1 });
  expect([estimate, upper]).toEqual([1, 1]);
});

test.each([
  { truth: 0.99, sensitivity: 0.99, specificity: 0.8, labels: 20 },
  { truth: 0.95, sensitivity: 0.8, specificity: 0.5, labels: 100 },
  { truth: 0.7, sensitivity: 0.995, specificity: 0.99, labels: 100 },
])("where labels, or a judge's errors, are rare the interval covers the truth as often as it says: $truth of $labels", (world) => {
  const SIMS = 400;
  let covered = 0;
  for (let sim = 0; sim < SIMS; sim += 1) {
    const random = seededRandom(seedOf(11, sim, world.labels));
    const draw = () => {
      const label = Number(random() < world.truth);
      return { label, judged: Number(random() < (label === 1 ? world.sensitivity : 1 - world.specificity)) };
    };
    const labelled = Array.from({ length: world.labels }, draw);
    const unlabelled = Array.from({ length: 300 }, () => draw().judged);
    const { lower, upper } = predictionPowered(unlabelled, labelled, { confidence: 0.975, isRate: true });
    covered += Number(lower <= world.truth && world.truth <= upper);
  }
  // Three Monte Carlo errors.
  expect(covered / SIMS).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / SIMS));
});
