import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { forbidden } from "./forbidden.ts";

test("an answer passes in which no pattern is found, whatever its case, and each that is found is named", () => {
  const score = forbidden.make({ patterns: ["guarantee", "full refund"] });
  expect(score(anItem(), anAnswer({ output: "We shall see." }))).toMatchObject({ value: 1, passed: true });
  expect(score(anItem(), anAnswer({ output: { said: "I GUARANTEE it." } }))).toEqual({
    value: 0,
    passed: false,
    explanation: "the answer has what /guarantee/iu forbids",
  });
});

test("a pattern that is none is refused at once", () => {
  expect(() => forbidden.make({ patterns: ["("] })).toThrow("The pattern of the scorer forbidden is no regular expression");
});
