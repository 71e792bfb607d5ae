import { expect, test } from "vitest";
import { canonicalJson } from "./canonicalJson.ts";

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
