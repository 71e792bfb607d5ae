import { expect, test } from "vitest";
import { canonicalJson, isPlainCanonicalJson } from "./canonicalJson.ts";

test("keys are sorted by UTF-16 code unit and nothing is padded (RFC 8785, section 3.2.3)", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\u{1f600}": "Emoji",
    "1": "One",
    "\u0080": "Control",
    "\u00f6": "o",
    "\ufb33": "Dalet",
  };
  const keys = [...canonicalJson(value).matchAll(/"([^"]*)":"/g)].map((match) => JSON.parse(`"${match[1]}"`));
  expect(keys).toEqual(["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"]);
});

test("numbers are written as ECMAScript writes them (RFC 8785, section 3.2.2.3)", () => {
  expect(canonicalJson([1 / 3, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe("[0.3333333333333333,1e+30,4.5,0.002,1e-27,0]");
});

test("a member without a value is left out, a number without a form is refused", () => {
  expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
});

test.each(['{"a":{"b":[1,-2.5,1e+21,true,null],"c":"ü 🚆"},"b":""}', "{}", "[]", '"text"', "0"])("%s is seen to be canonical", (json) => {
  expect(isPlainCanonicalJson(json)).toBe(true);
  expect(canonicalJson(JSON.parse(json))).toBe(json);
});

test.each([
  '{"b":1,"a":2}',
  '{"a":1,"a":1}',
  '{"a": 1}',
  '{"a":1.0}',
  '{"a":01}',
  '{"a":-0}',
  '{"a":1e21}',
  '{"a":"\\u0061"}',
  '{"a":1}}',
  '{"a":1,}',
  '{"a":}',
  '{"a"}',
  "{a:1}",
  '["a]',
  "[1,]",
  "",
  "NaN",
  '{"a":1',
])("%s is not taken for canonical", (json) => {
  expect(isPlainCanonicalJson(json)).toBe(false);
});

test("a value in very many others is not taken for canonical, and ends nobody", () => {
  expect(isPlainCanonicalJson("[".repeat(200) + "]".repeat(200))).toBe(true);
  expect(isPlainCanonicalJson("[".repeat(50_000) + "]".repeat(50_000))).toBe(false);
});
