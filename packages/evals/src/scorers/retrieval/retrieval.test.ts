import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { ndcg, recallAtK } from "./retrieval.ts";

test("recall counts different ids among the first k, from ids or objects", () => {
  const item = anItem({ expectedOutput: ["a", "b"] });
  expect(recallAtK.make({ k: 3 })(item, anAnswer({ output: ["x", "a", "a", "y", "b"] }))).toMatchObject({ value: 0.5 });
  expect(recallAtK.make({ k: 4 })(item, anAnswer({ output: [{ id: "a" }, { id: "b" }] }))).toMatchObject({ value: 1 });
  expect(recallAtK.make({})(item, anAnswer({ output: "a" }))).toMatchObject({ value: 0 });
});

test("nDCG of gains 3, 2, 3, 0, 1, 2 in this order is 0.961 (Järvelin and Kekäläinen's measure, a textbook example)", () => {
  const gains = { d1: 3, d2: 2, d3: 3, d5: 1, d6: 2 };
  const judged = ndcg.make({ k: 6 })(anItem({ expectedOutput: gains }), anAnswer({ output: ["d1", "d2", "d3", "d4", "d5", "d6"] }));
  expect(judged).toMatchObject({ value: expect.closeTo(0.9608, 4) });
});

test("an item without relevant documents is an error", () => {
  expect(() => ndcg.make({})(anItem({ expectedOutput: [] }), anAnswer({ output: ["a"] }))).toThrow("which documents are relevant");
});
