import { expect, test } from "vitest";
import { readScoreCondition, type ScoreCondition, scoreConditionText } from "./scoreCondition.ts";

test.each<[string, ScoreCondition]>([
  ["reward<0.5", { name: "reward", comparison: "<", limit: 0.5 }],
  [" answer relevance >= 4 ", { name: "answer relevance", comparison: ">=", limit: 4 }],
  ["a<=-1e-3", { name: "a", comparison: "<=", limit: -0.001 }],
  ["x<y=1", { name: "x<y", comparison: "=", limit: 1 }],
])("%s is a condition, and is written so that it is read back", (text, condition) => {
  expect(readScoreCondition(text)).toEqual(condition);
  expect(readScoreCondition(scoreConditionText(condition))).toEqual(condition);
});

test.each(["", "reward", "reward<", "<0.5", "reward<high", "reward<1e999", `${"x".repeat(201)}<1`])("%s is none", (text) => {
  expect(readScoreCondition(text)).toBeNull();
});
