import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { RedactionRules, redact, redactAttribute } from "./redaction.ts";

const rules = RedactionRules.parse({
  patterns: [
    { name: "email", pattern: "[\\w.+-]+@[\\w-]+\\.[\\w.]+" },
    { name: "card", pattern: "\\b(?:\\d[ -]?){13,16}\\b" },
  ],
  attributes: ["user.email", "*.password", "http.request.header.*"],
});

test("what a pattern matches is gone wherever it stands, and what it was is said", () => {
  expect(redact("write to ann@example.org or bob@x.de, card 4111 1111 1111 1111", rules)).toBe(
    "write to [redacted: email] or [redacted: email], card [redacted: card]",
  );
});

test("other text stays as it is, and text of a replacement has no meaning", () => {
  expect(redact("nothing $& here", rules)).toBe("nothing $& here");
  expect(redact("", rules)).toBe("");
});

test("an attribute that the rules name loses its value whole, whatever it is", () => {
  expect(redactAttribute("user.email", "Ann", rules)).toBe("[redacted]");
  expect(redactAttribute("db.password", { a: 1 }, rules)).toBe("[redacted]");
  expect(redactAttribute("http.request.header.cookie", 3, rules)).toBe("[redacted]");
});

test("a name is meant whole and as it is written", () => {
  expect(redactAttribute("user.emails", "Ann", rules)).toBe("Ann");
  expect(redactAttribute("userxemail", "Ann", rules)).toBe("Ann");
  expect(redactAttribute("password", "Ann", rules)).toBe("Ann");
});

test("the texts of any other attribute are redacted however deep they are; numbers stay numbers", () => {
  const value = { to: ["a@b.de", { note: "a@b.de", "db.password": "x" }], count: 4_111_111_111_111, none: null };
  expect(redactAttribute("input", value, rules)).toEqual({
    to: ["[redacted: email]", { note: "[redacted: email]", "db.password": "[redacted]" }],
    count: 4_111_111_111_111,
    none: null,
  });
});

test("without rules nothing changes", () => {
  expect(redactAttribute("user.email", "a@b.de", RedactionRules.parse({}))).toBe("a@b.de");
});

test.each([
  ["no regular expression", "("],
  ["one that matches nothing at all", "x*"],
  ["one that looks ahead", "a(?=b)"],
  ["one that looks behind", "(?<!a)b"],
  ["one that refers back", "(a)\\1"],
  ["one that refers back by name", "(?<x>a)\\k<x>"],
])("a pattern that is %s is refused", (_name, pattern) => {
  expect(RedactionRules.safeParse({ patterns: [{ name: "x", pattern }] }).success).toBe(false);
});

test("an escaped backslash before a digit is no reference", () => {
  expect(RedactionRules.safeParse({ patterns: [{ name: "x", pattern: "\\\\1" }] }).success).toBe(true);
});

test.each(["(a+)+$", "[\\w.+-]+@[\\w-]+\\.[\\w.]+", "\\b(?:\\d[ -]?){13,16}\\b"])(
  "V8's linear engine matches %s, so no text makes it take for ever",
  (pattern) => {
    expect(RedactionRules.safeParse({ patterns: [{ name: "x", pattern }] }).success).toBe(true);
    const program = `new RegExp(${JSON.stringify(pattern)}, "gl")`;
    expect(spawnSync(process.execPath, ["--enable-experimental-regexp-engine", "-e", program], { encoding: "utf8" }).stderr).toBe("");
  },
);
