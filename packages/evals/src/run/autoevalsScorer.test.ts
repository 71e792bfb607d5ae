import { expect, test } from "vitest";
import { anAnswer, anItem } from "../scorers/tryBuilders.ts";
import { autoevalsScorer } from "./autoevalsScorer.ts";

const item = anItem({ input: "Where?", expectedOutput: "here" });
const answer = anAnswer({ output: "there" });

test("it is told the item and the answer beside its own options, and its score and rationale are taken", async () => {
  const told: object[] = [];
  const closed = async (args: { output: string; expected?: string; criteria: string }) => {
    told.push(args);
    return { name: "ClosedQA", score: 0.75, metadata: { rationale: "near enough" } };
  };
  const { name, score } = autoevalsScorer("closed", closed, { criteria: "kind" }, { passAt: 0.8 });
  expect([name, await score(item, answer)]).toEqual(["closed", { value: 0.75, passed: false, explanation: "near enough" }]);
  expect(told).toEqual([{ criteria: "kind", input: "Where?", output: "there", expected: "here" }]);
});

test.each([
  ["cannot tell", () => ({ score: null }), "no score: it could not tell"],
  ["says an error", () => ({ score: 0, error: "no key" }), "no score: no key"],
  [
    "throws",
    () => {
      throw new Error("the model is away");
    },
    "no score: the model is away",
  ],
])("one that %s has no score, and says why", async (_, scorer, explanation) => {
  expect(await autoevalsScorer("one", scorer).score(item, answer)).toEqual({ value: 0, passed: false, explanation, isFailure: true });
});
