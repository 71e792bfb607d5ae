import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { tokens } from "./tokens.ts";

test("just enough is allowed, more is not", () => {
  const judge = tokens.make({ max: 10 });
  expect(judge(anItem(), anAnswer({ tokens: 10 }))).toMatchObject({ value: 1, passed: true });
  expect(judge(anItem(), anAnswer({ tokens: 11 }))).toEqual({ value: 0, passed: false, explanation: "11 tokens, 10 tokens are allowed" });
});

test("a target that does not say what it used is not within its budget", () => {
  expect(tokens.make({ max: 10 })(anItem(), anAnswer({ tokens: null }))).toMatchObject({ passed: false });
});
