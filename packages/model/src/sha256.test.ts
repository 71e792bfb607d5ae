import { expect, test } from "vitest";
import { canonicalHash, sha256 } from "./sha256.ts";

test("a hash is that of FIPS 180-4's example, of a text as of its bytes", () => {
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(sha256("abc")).toBe(expected);
  expect(sha256(new TextEncoder().encode("abc"))).toBe(expected);
});

test("the order of keys makes no other hash", () => {
  expect(canonicalHash({ b: [1], a: null })).toBe(canonicalHash({ a: null, b: [1] }));
  expect(canonicalHash({ a: 1 })).toBe(sha256('{"a":1}'));
});
