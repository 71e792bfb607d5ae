import type { IncomingMessage } from "node:http";

/** Headers of a request, by lower-case name: a `Headers`, a `Map`, or any protocol's equivalent. */
export interface HeaderLookup {
  get(name: string): string | null | undefined;
}

/** The headers of an HTTP request. */
export function headersOf({ headers }: IncomingMessage): HeaderLookup {
  return { get: (name) => [headers[name]].flat()[0] };
}

/** The credential of a request. `publicKey` is null where a secret stands alone; `unreadable` is an `Authorization` of an unknown form. */
export type Credential = { kind: "secret"; secret: string; publicKey: string | null } | { kind: "none" } | { kind: "unreadable" };

/** The schemes of `Authorization` (RFC 7617, RFC 6750), whose names are case-insensitive. */
const BEARER = /^bearer +(\S+)$/i;
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/** Values of `x-api-key` that mean no key: without one, LangSmith's client for JavaScript sends the word. */
const NO_KEYS: ReadonlySet<string> = new Set(["", "undefined", "null"]);

/**
 * Reads `Authorization: Bearer`, `Authorization: Basic` (Langfuse: the public key and the secret) or
 * `x-api-key` (LangSmith), in this order. `x-langfuse-public-key` is a name without a secret, and is ignored.
 */
export function credentialOf(headers: HeaderLookup): Credential {
  const authorization = headers.get("authorization")?.trim() ?? "";
  const apiKey = headers.get("x-api-key")?.trim() ?? "";
  if (authorization === "") return NO_KEYS.has(apiKey) ? { kind: "none" } : { kind: "secret", secret: apiKey, publicKey: null };

  const token = BEARER.exec(authorization)?.[1];
  if (token !== undefined) return { kind: "secret", secret: token, publicKey: null };
  const pair = BASIC.exec(authorization)?.[1];
  return pair === undefined ? { kind: "unreadable" } : pairOf(Buffer.from(pair, "base64").toString());
}

function pairOf(text: string): Credential {
  const colon = text.indexOf(":");
  if (colon < 0) return { kind: "unreadable" };
  return { kind: "secret", publicKey: text.slice(0, colon), secret: text.slice(colon + 1) };
}
