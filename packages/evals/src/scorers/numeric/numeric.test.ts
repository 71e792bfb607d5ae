import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { numberIn, numeric } from "./numeric.ts";

test.each([
  ["It is $1,786.50 in all.", 1786.5],
  ["-3e2", -300],
  [".5 of it", 0.5],
  [7, 7],
  ["none", undefined],
  [Number.NaN, undefined],
])("the number in %j is %s", (value, number) => {
  expect(numberIn(value)).toBe(number);
});

test("a number within the tolerance passes, absolute or relative", () => {
  const judge = (options: object, output: unknown) => numeric.make(options)(anItem({ expectedOutput: 100 }), anAnswer({ output }));
  expect(judge({}, "100.0")).toMatchObject({ passed: true });
  expect(judge({ tolerance: 0.5 }, 100.6)).toEqual({ value: 0, passed: false, explanation: "expected 100, got 100.6" });
  expect(judge({ relative: 0.01 }, 101)).toMatchObject({ passed: true });
  expect(judge({}, "a lot")).toMatchObject({ passed: false, explanation: 'there is no number in "a lot"' });
});

test("an item that expects no number is an error, not a failed answer", () => {
  expect(() => numeric.make({})(anItem(), anAnswer({ output: 1 }))).toThrow("Item 1 expects");
});
