import { expect, test } from "vitest";
import { type Answer, calibrationError } from "./calibrationError.ts";

/** `total` answers of one confidence, of which `right` are right. */
function answers(confidence: number, total: number, right: number): Answer[] {
  return Array.from({ length: total }, (_, index) => ({ confidence, isRight: index < right }));
}

test("confidences that equal the share of right answers have no calibration error", () => {
  expect(calibrationError([...answers(0.75, 8, 6), ...answers(0.5, 4, 2)])).toBeCloseTo(0, 12);
});

test("bins count by how many answers they hold", () => {
  expect(calibrationError([...answers(0.9, 30, 30), ...answers(0.5, 10, 1)])).toBeCloseTo((30 * 0.1 + 10 * 0.4) / 40, 12);
});

test("overconfidence and underconfidence cancel out within a bin, not across bins", () => {
  expect(calibrationError([...answers(0.2, 10, 4), ...answers(0.8, 10, 6)])).toBeCloseTo(0.2, 12);
  expect(calibrationError([...answers(0.81, 10, 10), ...answers(0.85, 10, 6)])).toBeCloseTo(Math.abs(0.83 - 0.8), 12);
});

test("a confidence of 1 falls into a bin, and no answers have no calibration error (NaN)", () => {
  expect(calibrationError(answers(1, 4, 3))).toBeCloseTo(0.25, 12);
  expect(calibrationError([])).toBeNaN();
});
