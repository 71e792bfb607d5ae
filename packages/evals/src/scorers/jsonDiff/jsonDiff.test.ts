import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { jsonDiff, likeness } from "./jsonDiff.ts";

test.each([
  [{ a: 1, b: "x" }, { b: "x", a: 1 }, 1],
  [{ a: 1 }, { a: 1, b: 2 }, 0.5],
  [[1, 2, 3], [1, 2], 2 / 3],
  ["abcd", "abcx", 0.75],
  [{ a: { b: [10] } }, { a: { b: [30] } }, 0.5],
  [true, "true", 0],
  [{}, {}, 1],
])("%j and %j are alike by %d", (one, other, value) => {
  expect(likeness(one, other)).toBeCloseTo(value, 12);
  expect(likeness(other, one)).toBeCloseTo(value, 12);
});

test("a line may be drawn, and texts are read as JSON", () => {
  const item = anItem({ expectedOutput: { a: 1, b: 2 } });
  expect(jsonDiff.make({ passAt: 0.5 })(item, anAnswer({ output: '{"a":1}' }))).toMatchObject({ value: 0.5, passed: true });
  expect(jsonDiff.make({})(item, anAnswer({ output: "{" }))).toMatchObject({ value: 0, passed: null });
});
