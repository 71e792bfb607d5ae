import { mulberry32 } from "@signalbox/model";
import { expect, test } from "vitest";
import { fitTemperature, type LabelledScores, logLossSlope, meanLogLoss, softmax } from "./temperature.ts";

/** Rows whose labels are drawn from the softmax of their scores at a temperature, which is therefore the right one. */
function drawnRows(count: number, temperature: number, seed: number): LabelledScores[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const scores = Float64Array.from({ length: 5 }, () => random() * 2 - 1);
    let left = random();
    const label = softmax(scores, temperature).findIndex((share) => {
      left -= share;
      return left < 0;
    });
    return { scores, label: Math.max(0, label) };
  });
}

test.each([0.01, 0.2, 1, 50])(
  "probabilities at temperature %d are from 0 to 1, sum to 1 and keep the order of the scores",
  (temperature) => {
    const random = mulberry32(3);
    for (let round = 0; round < 100; round += 1) {
      const scores = Float64Array.from({ length: 20 }, () => (random() - 0.5) * 2_000);
      const shares = softmax(scores, temperature);
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      expect(shares[scores.indexOf(Math.max(...scores))]).toBe(Math.max(...shares));
    }
  },
);

test.each([0.1, 0.3, 1, 4])("the slope of the loss is what finite differences say (temperature %d)", (temperature) => {
  const rows = drawnRows(200, 0.5, 1);
  const step = 1e-5;
  const lossAt = (sharpness: number): number => meanLogLoss(rows, 1 / sharpness);
  const measured = (lossAt(1 / temperature + step) - lossAt(1 / temperature - step)) / (2 * step);
  expect(logLossSlope(rows, temperature)).toBeCloseTo(measured, 7);
});

test.each([0.1, 0.5, 2])("the temperature by which labels were drawn is found again (%d)", (temperature) => {
  const fitted = fitTemperature(drawnRows(20_000, temperature, 5));
  expect(fitted / temperature).toBeGreaterThan(0.85);
  expect(fitted / temperature).toBeLessThan(1.15);
});

test("the fitted temperature gives the rows the highest likelihood", () => {
  const rows = drawnRows(300, 0.3, 9);
  const best = fitTemperature(rows);
  for (const factor of [0.5, 0.9, 0.99, 1.01, 1.1, 2]) expect(meanLogLoss(rows, best * factor)).toBeGreaterThan(meanLogLoss(rows, best));
});

test("rows that are all right ask for more certainty the more they are, never for all of it", () => {
  const [few, many] = [4, 400].map((count) => {
    const temperature = fitTemperature(Array.from({ length: count }, () => ({ scores: Float64Array.of(1, 0, -1), label: 0 })));
    return softmax(Float64Array.of(1, 0, -1), temperature)[0] ?? 0;
  });
  expect(few).toBeGreaterThan(0.7);
  expect(few).toBeLessThan(0.9);
  expect(many).toBeGreaterThan(0.99);
  expect(many).toBeLessThan(1);
});
