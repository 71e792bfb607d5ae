import { expect, test } from "vitest";
import { RedactionRules } from "./redactionRules.ts";

test.each([
  ["no regular expression", "("],
  ["one that matches nothing at all", "x*"],
  ["one that refers back", "(a)\\1"],
])("a pattern that is %s is refused", (_name, pattern) => {
  expect(RedactionRules.safeParse({ patterns: [{ name: "x", pattern }] }).success).toBe(false);
});

test.each([
  ["a built-in pattern that there is not", { builtIn: ["passport"] }],
  [
    "a pattern twice",
    {
      patterns: [
        { name: "a", pattern: "b" },
        { name: "a", pattern: "c" },
      ],
    },
  ],
  ["every attribute", { attributes: ["*"] }],
  ["a field that there is not", { pattern: [] }],
])("%s is refused", (_name, rules) => {
  expect(RedactionRules.safeParse(rules).success).toBe(false);
});

test("rules that were stored before patterns were built in are read", () => {
  expect(RedactionRules.parse({ patterns: [], attributes: [] })).toEqual({ builtIn: [], patterns: [], attributes: [] });
});
