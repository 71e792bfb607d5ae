import { expect, test } from "vitest";
import { z } from "zod";
import { allows, NewApiKey } from "./apiKey.ts";
import { newKeyCredentials, secretEnding, secretHash } from "./apiKeySecret.ts";

test("a token has 256 random bits behind its prefix, and no two are alike", () => {
  const { secret, publicKey } = newKeyCredentials("token");
  expect(secret).toMatch(/^sbx_[\w-]{43}$/);
  expect(publicKey).toBeNull();
  expect(newKeyCredentials("token").secret).not.toBe(secret);
});

test("a pair has a public name beside its secret, and a UUID is one", () => {
  const pair = newKeyCredentials("pair");
  expect([pair.publicKey, pair.secret]).toEqual([expect.stringMatching(/^sbx_pub_[\w-]{16}$/), expect.stringMatching(/^sbx_[\w-]{43}$/)]);
  expect(z.uuid().safeParse(newKeyCredentials("uuid").secret).success).toBe(true);
});

test("what is kept of a secret is its hash and its last four characters", () => {
  // The test vector of FIPS 180-4 for "abc".
  expect(secretHash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(secretEnding("sbx_abcdefgh")).toBe("efgh");
});

test("a key allows its scopes, and an admin's everything", () => {
  expect(allows(["ingest"], "ingest")).toBe(true);
  expect(allows(["ingest", "read"], "gate")).toBe(false);
  expect(allows(["admin"], "gate")).toBe(true);
});

test("a new key sends telemetry unless it is told otherwise, and scopes are named once in one order", () => {
  expect(NewApiKey.parse({ project: "shop", name: " ci " })).toEqual({
    project: "shop",
    name: "ci",
    kind: "token",
    scopes: ["ingest"],
    requestsPerMinuteMax: null,
    expiresAt: null,
  });
  expect(NewApiKey.parse({ project: "shop", name: "x", scopes: ["read", "ingest", "read"] }).scopes).toEqual(["ingest", "read"]);
});

test.each([
  ["a project of other letters", { project: "Shop", name: "x" }],
  ["no name", { project: "shop", name: " " }],
  ["a name of two lines", { project: "shop", name: "a\nb" }],
  ["no scope", { project: "shop", name: "x", scopes: [] }],
  ["a limit of nothing", { project: "shop", name: "x", requestsPerMinuteMax: 0 }],
])("a key with %s is refused", (_name, key) => {
  expect(NewApiKey.safeParse(key).success).toBe(false);
});
