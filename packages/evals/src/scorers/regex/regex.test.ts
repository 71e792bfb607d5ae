import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { regex } from "./regex.ts";

test("a match anywhere passes, and the same judge judges alike each time", () => {
  const score = regex.make({ pattern: "y.s", flags: "gi" });
  for (let time = 0; time < 3; time += 1) expect(score(anItem(), anAnswer({ output: "oh YES" }))).toMatchObject({ passed: true });
  expect(score(anItem(), anAnswer({ output: "no" }))).toEqual({ value: 0, passed: false, explanation: '/y.s/i matches nothing in "no"' });
});

test("a pattern that is none is refused at once", () => {
  expect(() => regex.make({ pattern: "(" })).toThrow("no regular expression");
});

test("a pattern takes no longer for a text that was made for it, and what would make it do so is refused", () => {
  const evil = `${"a".repeat(50_000)}!`;
  expect(regex.make({ pattern: String.raw`^(\w+\s?)*$` })(anItem(), anAnswer({ output: evil }))).toMatchObject({ passed: false });
  expect(() => regex.make({ pattern: "(?=a)b" })).toThrow("no regular expression as RE2 writes it");
  expect(() => regex.make({ pattern: String.raw`(a)\1` })).toThrow("no regular expression as RE2 writes it");
  expect(() => regex.make({ pattern: "a", flags: "v" })).toThrow("flags are of");
});

test("what JavaScript writes in its own way is understood", () => {
  const passes = (pattern: string, output: string) => regex.make({ pattern })(anItem(), anAnswer({ output }));
  expect(passes(String.raw`^(?<year>\d{4})\/\u{1F600}\u00e9$`, "2026/😀é")).toMatchObject({ passed: true });
});
