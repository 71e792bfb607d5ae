import { expect, test } from "vitest";
import { LatencyHistogram } from "./latencyHistogram.ts";
import { seededRandom } from "./spans/seededRandom.ts";

/** The quantile of a sorted list that the histogram approximates. */
const exactQuantile = (sorted: readonly number[], quantile: number) => sorted[Math.ceil(quantile * sorted.length) - 1] ?? Number.NaN;

test("every quantile of latencies from microseconds to minutes is right to within 1/128, and never too low", () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 20_000 }, () => Math.round(Math.exp(random() * 18)) / 1_000);
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  const sorted = values.toSorted((a, b) => a - b);
  for (const quantile of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
    const exact = exactQuantile(sorted, quantile);
    expect(histogram.quantileMs(quantile)).toBeGreaterThanOrEqual(exact);
    expect(histogram.quantileMs(quantile)).toBeLessThanOrEqual(exact * (1 + 1 / 128) + 1e-9);
  }
});

test("one latency is every quantile", () => {
  const histogram = new LatencyHistogram();
  histogram.record(12.345);
  expect([histogram.quantileMs(0), histogram.quantileMs(0.5), histogram.quantileMs(1), histogram.maxMs]).toEqual([
    12.345, 12.345, 12.345, 12.345,
  ]);
});

test("without latencies every quantile is 0; one over an hour counts as the longest", () => {
  const histogram = new LatencyHistogram();
  expect(histogram.quantileMs(0.99)).toBe(0);
  histogram.record(10 * 3_600_000);
  expect(histogram.quantileMs(0.99)).toBe((2 ** 32 - 1) / 1_000);
});
