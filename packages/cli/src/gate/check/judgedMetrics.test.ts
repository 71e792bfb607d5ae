import { expect, test } from "vitest";
import { judgedMetrics } from "./judgedMetrics.ts";

test("the labels that the gate was given are told of the candidate's judge alone, and of no other metric", () => {
  const judges = (one: string) => ({
    judges: new Map([
      ["helpful", one],
      ["kind", one],
    ]),
  });
  const labelled = { helpful: { labels: 200, kappa: { value: 0.8, lower: 0.7, upper: 0.9 } } };
  const metrics = [{ name: "helpful" }, { name: "kind" }];
  const told = judgedMetrics(metrics, [], [judges("judge:new"), judges("judge:old")], labelled);
  expect(told.filter(({ words }) => words.includes("200 labels")).map(({ metric, judge }) => [metric, judge])).toEqual([
    ["helpful", "judge:new"],
  ]);
  expect(told).toHaveLength(4);
});
