import { expect, test } from "vitest";
import { parsedJson } from "./parsedJson.ts";

test.each([
  ['{"a":[1]}', { a: [1] }],
  ["null", null],
  ["", undefined],
  ["{a:1}", undefined],
])("the value of %j", (text, value) => {
  expect(parsedJson(text)).toEqual(value);
});
