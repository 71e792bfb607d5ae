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
