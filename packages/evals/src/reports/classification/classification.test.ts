import { expect, test } from "vitest";
import { classificationReport, confusions } from "./classification.ts";

test("three classes: accuracy, macro F1 and who was taken for whom (scikit-learn's figures)", () => {
  // y_true = a a a b b c, y_pred = a a b b c c
  const report = classificationReport([
    { expected: "a", given: "a", count: 2 },
    { expected: "a", given: "b", count: 1 },
    { expected: "b", given: "b", count: 1 },
    { expected: "b", given: "c", count: 1 },
    { expected: "c", given: "c", count: 1 },
  ]);
  expect(report).toMatchObject({ rows: 6, accuracy: 4 / 6, labels: ["a", "b", "c"] });
  expect(report?.macroF1).toBeCloseTo((0.8 + 0.5 + 2 / 3) / 3, 12);
  expect(report?.confusion).toEqual([
    [2, 1, 0],
    [0, 1, 1],
    [0, 0, 1],
  ]);
});

test("a label that nobody expected costs precision, and is no class of its own in the mean", () => {
  const report = classificationReport([
    { expected: "a", given: "x", count: 1 },
    { expected: "a", given: "a", count: 1 },
  ]);
  expect(report?.macroF1).toBeCloseTo(2 / 3, 12);
  expect(report?.classes[1]).toEqual({ label: "x", expected: 0, given: 1, precision: 0, recall: null, f1: 0 });
  expect(classificationReport([])).toBeNull();
});

test("what was taken for what, the most frequent first; no class at all is one of its own", () => {
  const report = classificationReport([
    { expected: "a", given: "b", count: 1 },
    { expected: "b", given: null, count: 3 },
    { expected: "b", given: "b", count: 9 },
  ]);
  expect(report === null ? [] : confusions(report)).toEqual([
    { expected: "b", given: "(no such class)", count: 3 },
    { expected: "a", given: "b", count: 1 },
  ]);
});
