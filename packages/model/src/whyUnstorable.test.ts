import { expect, test } from "vitest";
import { whyUnstorable } from "./whyUnstorable.ts";

test("what can be stored has no reason against it", () => {
  expect(whyUnstorable({ a: [1, null, "😀", { b: true }], c: "" }, "request")).toBeNull();
});

test.each([
  [{ tags: ["a", "b\u0000"] }, "request.tags.1 holds"],
  [{ tags: ["a", { deep: "\ud83d" }] }, "request.tags.1.deep holds"],
  [{ "\u0000": 1 }, "request holds"],
  ["\udc00", "request holds"],
])("a text that cannot be stored is named by its place: %j", (value, start) => {
  expect(whyUnstorable(value, "request")).toMatch(start);
});

test("values nested deeper than a hundred levels are refused", () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(whyUnstorable(nested(100), "request")).toBeNull();
  expect(whyUnstorable(nested(101), "request")).toMatch("deeper than 100 levels");
});
