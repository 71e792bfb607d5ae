import { expect, test } from "vitest";
import { BUILT_IN_NAMES, BUILT_IN_PATTERNS, type BuiltInPattern } from "./builtInPatterns.ts";

const found = (name: BuiltInPattern, text: string): string[] =>
  BUILT_IN_PATTERNS[name].find(text).map(([start, end]) => text.slice(start, end));

test.each<[BuiltInPattern, string, string]>([
  ["email", "mail ann.o'neil+x@mail.example.co.uk.", "ann.o'neil+x@mail.example.co.uk"],
  ["email", "<jürgen@müller.de>", "jürgen@müller.de"],
  ["credit card", "card: 4111-1111-1111-1111!", "4111-1111-1111-1111"],
  ["credit card", "order 1234 378282246310005 7", "378282246310005"],
  ["credit card", "1234 4111 1111 1111 1111 2027", "4111 1111 1111 1111"],
  ["phone", "call +49 (0) 30 1234-5678 now", "+49 (0) 30 1234-5678"],
  ["phone", "call (212) 555-0123", "(212) 555-0123"],
  ["phone", "call 0044 20 7946 0958", "0044 20 7946 0958"],
  ["credit card", "no.4111111111111111", "4111111111111111"],
  ["credit card", "4111  1111  1111  1111", "4111  1111  1111  1111"],
  ["credit card", "4111\u00a01111\u00a01111\u00a01111", "4111\u00a01111\u00a01111\u00a01111"],
  ["credit card", "4111.1111.1111.1111", "4111.1111.1111.1111"],
  ["iban", "to DE89 3704 0044 0532 0130 00 EUR", "DE89 3704 0044 0532 0130 00"],
  ["iban", "gb29nwbk60161331926819", "gb29nwbk60161331926819"],
  ["us ssn", "ssn 123-45-6789.", "123-45-6789"],
  ["bearer token", "Authorization: Bearer abcDEF123456789.x", "Bearer abcDEF123456789.x"],
  ["bearer token", "Basic dXNlcjpwYXNzd29yZA==", "Basic dXNlcjpwYXNzd29yZA=="],
  ["bearer token", "jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0", "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0"],
  ["bearer token", "at-eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0", "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0"],
  ["api key", `key=sk-ant-${"a1".repeat(20)}`, `sk-ant-${"a1".repeat(20)}`],
  ["api key", `AKIA${"ABCD".repeat(4)} is one`, `AKIA${"ABCD".repeat(4)}`],
  ["api key", `sbx_${"x".repeat(43)}`, `sbx_${"x".repeat(43)}`],
  [
    "private key",
    "a\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA==\n-----END RSA PRIVATE KEY-----\nb",
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA==\n-----END RSA PRIVATE KEY-----",
  ],
  ["private key", "-----BEGIN PRIVATE KEY-----\nAAAA", "-----BEGIN PRIVATE KEY-----\nAAAA"],
])("%s is found in: %s", (name, text, expected) => {
  expect(found(name, text)).toEqual([expected]);
});

test.each<[BuiltInPattern, string]>([
  ["email", "user@localhost, @someone, a@"],
  ["credit card", "4111 1111 1111 1112"],
  ["credit card", "at 1764150000000 or 1764150000000000000"],
  ["credit card", "0.4111111111111111"],
  ["phone", "2026-11-26 08:47, 1764150000, 4f1b-4711, +1"],
  ["iban", "DE89 3704 0044 0532 0130 01"],
  ["us ssn", "000-12-3456, 123-45-67890, 123-456789"],
  ["bearer token", "Basic authentication, bearer responsibilities"],
  ["api key", "a-task-sk-et, sk-short, risk-abcdefghijklmnopqrst"],
  ["private key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
])("%s is not found in: %s", (name, text) => {
  expect(found(name, text)).toEqual([]);
});

const LONG = 400_000;

test.each(BUILT_IN_NAMES)("no text makes the pattern %s take for ever", (name) => {
  const hostile = [
    "1",
    "1 ",
    "a",
    "a@",
    "a.",
    "+1",
    "DE89",
    "-----BEGIN PRIVATE KEY-----",
    "Bearer ",
    "eyJaaaaaaaa.",
    "eyJ-",
    "sk-",
    "4 1-",
  ];
  for (const piece of hostile) {
    const text = piece.repeat(LONG / piece.length);
    for (const [start, end] of BUILT_IN_PATTERNS[name].find(text)) expect(end).toBeGreaterThan(start);
  }
});

test.each(BUILT_IN_NAMES)("no text is too long for the pattern %s", (name) => {
  for (const start of ["", "Bearer 1", "sk-", "-----BEGIN PRIVATE KEY-----", "eyJaaaaaaaa.aaaaaaaa."]) {
    for (const filling of ["a", "1"]) {
      const text = start + filling.repeat(16_000_000);
      for (const [, end] of BUILT_IN_PATTERNS[name].find(text)) expect(end).toBe(text.length);
    }
  }
});
