import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { exact } from "./exact.ts";

const score = exact.make({});

test("the expected value passes, whatever the order of its keys", () => {
  expect(score(anItem(), anAnswer())).toEqual({ value: 1, passed: true, explanation: "" });
  expect(score(anItem({ expectedOutput: { a: 1, b: [2] } }), anAnswer({ output: { b: [2], a: 1 } }))).toMatchObject({ passed: true });
});

test("an output of another case or type fails, and so does null", () => {
  expect(score(anItem(), anAnswer({ output: "Yes" }))).toEqual({ value: 0, passed: false, explanation: 'expected "yes", got "Yes"' });
  expect(score(anItem({ expectedOutput: "1" }), anAnswer({ output: 1 }))).toMatchObject({ passed: false });
  expect(score(anItem(), anAnswer({ output: null }))).toMatchObject({ passed: false });
});
