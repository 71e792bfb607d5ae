import { expect, test } from "vitest";
import { canonicalJson } from "./canonicalJson.ts";
import { isPlainCanonicalJson } from "./plainCanonicalJson.ts";

const isPlain = (json: string): boolean => isPlainCanonicalJson(Buffer.from(json));

test.each([
  '{"a":{"b":[1,-2.5,1e+21,true,null],"c":"ü 🚆"},"b":""}',
  "{}",
  "[]",
  '"text"',
  "0",
  "-0.0000012345678901234567",
  "123456789012345680000",
])("%s is seen to be canonical", (json) => {
  expect(isPlain(json)).toBe(true);
  expect(canonicalJson(JSON.parse(json))).toBe(json);
});

test("keys are in order by UTF-16 code unit", () => {
  for (const keys of [
    ["a", "ab"],
    ["z", "ü"],
    ["ü", "\u20ac"],
    ["\ud7ff", "\u{1f600}"],
    ["\u{1f600}", "\ue000"],
    ["\u{1f600}", "\ufb33"],
    ["\u{1f600}", "\u{1f601}"],
  ]) {
    const [first, second] = keys;
    expect(isPlain(`{"${first}":1,"${second}":2}`)).toBe(true);
    expect(isPlain(`{"${second}":1,"${first}":2}`)).toBe(false);
  }
});

test("a part of some bytes is looked at, and nothing behind it", () => {
  const bytes = Buffer.from('x{"a":[1,"b"]}}"');
  expect(isPlainCanonicalJson(bytes, 1, bytes.length - 2)).toBe(true);
  for (let end = 1; end < bytes.length - 2; end += 1) expect(isPlainCanonicalJson(bytes, 1, end)).toBe(false);
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
  '{"a":"b',
  '{"a":"\n"}',
  "123456789012345678901234567890",
  "-0.00000123456789012345670",
])("%s is not taken for canonical", (json) => {
  expect(isPlain(json)).toBe(false);
});

test("a value in very many others is not taken for canonical, and ends nobody", () => {
  expect(isPlain("[".repeat(200) + "]".repeat(200))).toBe(true);
  expect(isPlain("[".repeat(50_000) + "]".repeat(50_000))).toBe(false);
});
