import { expect, test } from "vitest";
import { credentialOf } from "./credential.ts";

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
const secret = (text: string, publicKey: string | null = null) => ({ kind: "secret", secret: text, publicKey });

test.each([
  ["a bearer token", { authorization: "Bearer sbx_a" }, secret("sbx_a")],
  ["a bearer token, whatever the case of the scheme", { authorization: "bearer  sbx_a " }, secret("sbx_a")],
  ["LangSmith's header", { "x-api-key": " sbx_a" }, secret("sbx_a")],
  ["Langfuse's pair", { authorization: basic("sbx_pub_p:sbx_a"), "x-langfuse-public-key": "sbx_pub_p" }, secret("sbx_a", "sbx_pub_p")],
  ["a secret with colons", { authorization: basic("p:s:t") }, secret("s:t", "p")],
  ["Authorization before x-api-key", { authorization: "Bearer sbx_a", "x-api-key": "sbx_b" }, secret("sbx_a")],
  ["nothing", {}, { kind: "none" }],
  ["empty headers", { authorization: "", "x-api-key": " " }, { kind: "none" }],
  ["what LangSmith's client writes without a key", { "x-api-key": "undefined" }, { kind: "none" }],
  ["Langfuse's public key alone", { "x-langfuse-public-key": "sbx_pub_p" }, { kind: "none" }],
  ["another scheme", { authorization: "Digest sbx_a" }, { kind: "unreadable" }],
  ["a bare token", { authorization: "sbx_a" }, { kind: "unreadable" }],
  ["Basic without a colon", { authorization: basic("sbx_a") }, { kind: "unreadable" }],
  ["Basic that is no base64", { authorization: "Basic !" }, { kind: "unreadable" }],
])("%s is read", (_name, headers, credential) => {
  expect(credentialOf(new Headers(headers as Record<string, string>))).toEqual(credential);
});
