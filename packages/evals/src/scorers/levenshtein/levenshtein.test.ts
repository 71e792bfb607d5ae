import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { levenshtein } from "./levenshtein.ts";

test("kitten is three edits from sitting", () => {
  const judged = levenshtein.make({ passAt: 0.5 })(anItem({ expectedOutput: "sitting" }), anAnswer({ output: "kitten" }));
  expect(judged).toEqual({ value: expect.closeTo(4 / 7, 12), passed: true, explanation: "3 edits away" });
});

test("two empty texts agree", () => {
  expect(levenshtein.make({})(anItem({ expectedOutput: "" }), anAnswer({ output: null }))).toMatchObject({ value: 1, passed: null });
});
