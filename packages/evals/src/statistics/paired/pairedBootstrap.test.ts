import { normalFrom } from "@signalbox/model";
import { expect, test } from "vitest";
import { normalQuantile } from "../distributions/normal.ts";
import { clusteredMean } from "../estimates/clusteredMean.ts";
import { seededRandom } from "../seededRandom.ts";
import { percentileInterval, resampledMeans, resampledPValues } from "./pairedBootstrap.ts";

const random = seededRandom(7);
const differences = Array.from({ length: 400 }, () => 0.1 + normalFrom(random));

test("the same seed draws the same, another one does not", () => {
  const draw = (seed: number) => resampledMeans(differences, { resamples: 200, seed });
  expect(draw(1)).toEqual(draw(1));
  expect(draw(2)).not.toEqual(draw(1));
});

test("many items: the interval is the normal one", () => {
  const { mean, standardError } = clusteredMean(differences);
  const { lower, upper } = percentileInterval(resampledMeans(differences, { resamples: 10_000, seed: 1 }), 0.95);
  const reach = normalQuantile(0.95) * standardError;
  expect(lower).toBeCloseTo(mean - reach, 2);
  expect(upper).toBeCloseTo(mean + reach, 2);
});

test("clusters are drawn whole: items told twice have the interval of the items told once", () => {
  const twice = [...differences, ...differences];
  const clusters = twice.map((_, index) => String(index % differences.length));
  const drawn = (values: readonly number[], names?: string[]) => {
    const { lower, upper } = percentileInterval(resampledMeans(values, { resamples: 10_000, seed: 1 }, names), 0.95);
    return upper - lower;
  };
  expect(drawn(twice, clusters) / drawn(differences)).toBeCloseTo(1, 1);
  expect(drawn(twice) / drawn(differences)).toBeCloseTo(Math.SQRT1_2, 1);
});

test("p-values agree with the interval at every level", () => {
  const means = resampledMeans(differences, { resamples: 999, seed: 3 });
  for (const alpha of [0.01, 0.05, 0.2]) {
    const { lower, upper } = percentileInterval(means, 1 - alpha);
    expect(resampledPValues(means, lower).above).toBeGreaterThan(alpha - 0.0015);
    expect(resampledPValues(means, lower - 1e-9).above).toBeLessThanOrEqual(alpha);
    expect(resampledPValues(means, upper + 1e-9).below).toBeLessThanOrEqual(alpha);
  }
});
