import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { f1OfWords, tokenF1 } from "./tokenF1.ts";

test("a word counts as often as it stands on both sides", () => {
  expect(f1OfWords(["a", "a", "b"], ["a", "c"])).toBeCloseTo(0.4, 12);
  expect(f1OfWords([], ["a"])).toBe(0);
  expect(f1OfWords([], [])).toBe(1);
});

test("articles and punctuation are no words", () => {
  const judged = tokenF1.make({})(anItem({ expectedOutput: "the red house" }), anAnswer({ output: "A red, old house." }));
  expect(judged).toMatchObject({ value: expect.closeTo(0.8, 12) });
});
