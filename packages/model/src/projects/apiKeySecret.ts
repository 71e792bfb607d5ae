import { randomBytes, randomUUID } from "node:crypto";
import { sha256 } from "../sha256.ts";
import type { KeyKind } from "./apiKey.ts";

const SECRET_BYTES = 32;
const PUBLIC_BYTES = 12;

/** What its owner keeps of a key: it is shown once and stored nowhere. `publicKey` is null unless the key is a pair. */
export type KeyCredentials = { secret: string; publicKey: string | null };

/** New random credentials of a kind. */
export function newKeyCredentials(kind: KeyKind): KeyCredentials {
  const secret = kind === "uuid" ? randomUUID() : `sbx_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  return { secret, publicKey: kind === "pair" ? `sbx_pub_${randomBytes(PUBLIC_BYTES).toString("base64url")}` : null };
}

const OWN_SECRET = /^sbx_|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a secret looks like one of ours. What does not is a key of another product, which an SDK sends because it must send one. */
export function isOwnSecret(secret: string): boolean {
  return OWN_SECRET.test(secret);
}

/**
 * What is stored of a secret: SHA-256, 64 hex digits. A slow hash with a salt protects words that people choose; these
 * secrets are 256 random bits (122 in a UUID), which nobody finds by trying, and every request pays for the hash.
 */
export function secretHash(secret: string): string {
  return sha256(secret);
}

/** The part of a secret that may be shown, to tell keys apart: its last four characters. */
export function secretEnding(secret: string): string {
  return secret.slice(-4);
}
