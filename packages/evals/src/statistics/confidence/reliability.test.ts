import { expect, test } from "vitest";
import { brierScore, reliabilityBins } from "./reliability.ts";

const answers = (confidence: number, total: number, right: number) =>
  Array.from({ length: total }, (_, index) => ({ confidence, isRight: index < right }));

test("a bin has its mean confidence and its share of right answers with an exact interval", () => {
  expect(reliabilityBins([...answers(0.92, 50, 45), ...answers(0.98, 20, 18), ...answers(0.4, 4, 1), ...answers(1, 1, 1)])).toEqual([
    expect.objectContaining({ from: 0.4, to: 0.5, answers: 4, right: 1, confidence: 0.4 }),
    {
      ...{ from: 0.9, to: 1, answers: 71, right: 64 },
      confidence: expect.closeTo((50 * 0.92 + 20 * 0.98 + 1) / 71, 12),
      share: { value: 64 / 71, lower: expect.closeTo(0.8074, 3), upper: expect.closeTo(0.9594, 3) },
    },
  ]);
  expect(reliabilityBins([])).toEqual([]);
});

test("the Brier score of sure and half sure answers", () => {
  expect(brierScore(answers(1, 4, 4))).toBe(0);
  expect(brierScore(answers(1, 4, 1))).toBe(0.75);
  expect(brierScore(answers(0.5, 4, 1))).toBe(0.25);
  expect(brierScore([])).toBeNaN();
});
