import { expect, test } from "vitest";
import { type ClassifiedRow, scoreIntents } from "./scoreIntents.ts";

const THRESHOLD = 0.5;

function aRow(expected: string | null, intent: string, confidence: number): ClassifiedRow {
  return { expected, intent, confidence, abstained: confidence < THRESHOLD };
}

test("in scope and out of scope are told apart, with and without abstention", () => {
  const rows = [
    ...Array.from({ length: 8 }, () => aRow("a", "a", 0.9)),
    aRow("a", "b", 0.7),
    aRow("b", "b", 0.4),
    aRow(null, "a", 0.3),
    aRow(null, "a", 0.8),
    aRow(null, "b", 0.1),
  ];
  expect(scoreIntents(rows)).toEqual({
    rows: { inScope: 10, outOfScope: 3 },
    accuracy: 0.9,
    calibrationError: expect.closeTo((8 * 0.1 + 0.7 + 0.6) / 10, 12),
    accuracyOfSurest90: 8 / 9,
    accuracyAtThreshold: 0.8,
    answeredShare: 0.9,
    outOfScopeRecall: 2 / 3,
  });
});

test("figures for which there are no rows are null", () => {
  expect(scoreIntents([aRow("a", "a", 1)]).outOfScopeRecall).toBeNull();
  expect(scoreIntents([aRow(null, "a", 1)])).toMatchObject({
    accuracy: null,
    calibrationError: null,
    accuracyOfSurest90: null,
    accuracyAtThreshold: null,
  });
});
