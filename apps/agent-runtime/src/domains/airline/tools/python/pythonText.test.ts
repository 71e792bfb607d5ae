import { expect, test } from "vitest";
import { pythonJson } from "./pythonJson.ts";
import { pythonFloat, pythonNumber } from "./pythonNumber.ts";
import { pythonNestedTuples, pythonRepr, pythonStr } from "./pythonText.ts";

test("JSON is written as json.dumps writes it", () => {
  expect(pythonJson({ b: [1, "x", null, true, false], a: {}, c: [] })).toBe('{"b": [1, "x", null, true, false], "a": {}, "c": []}');
  expect(pythonJson('\u007f\u0080é😀/"\\\u0001\t')).toBe('"\\u007f\\u0080\\u00e9\\ud83d\\ude00/\\"\\\\\\u0001\\t"');
});

test.each([
  [1e-5, "1e-05"],
  [0.0001, "0.0001"],
  [1e16, "1e+16"],
  [123456789.123, "123456789.123"],
  [5e-324, "5e-324"],
  [-0, "-0.0"],
  [-2.5, "-2.5"],
  [Number.NaN, "nan"],
  [Number.NEGATIVE_INFINITY, "-inf"],
])("the float %d is printed as %s", (value, text) => {
  expect(pythonFloat(value)).toBe(text);
});

test("a whole number is printed whole, however large", () => {
  expect(pythonNumber(1e21)).toBe("1000000000000000000000");
  expect(pythonNumber(0.1)).toBe("0.1");
});

test("text inside an error is left as it is, other values are written like repr", () => {
  expect(pythonStr("it's")).toBe("it's");
  expect(pythonStr([null, true, { a: "x" }])).toBe("[None, True, {'a': 'x'}]");
  expect(pythonRepr("it's")).toBe(`"it's"`);
  expect(pythonRepr(`it's "it"`)).toBe(`'it\\'s "it"'`);
  expect(pythonRepr("\\\n\u0007\u00a0é")).toBe("'\\\\\\n\\x07\\xa0é'");
});

test("nested tuples are sorted by key, and a lone element has its comma", () => {
  expect(pythonNestedTuples({ b: [1], a: [], c: { d: "x" } })).toBe("(('a', ()), ('b', (1,)), ('c', (('d', 'x'),)))");
});
