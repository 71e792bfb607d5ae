import { randomBytes, randomUUID } from "node:crypto";
import { sha256 } from "../sha256.ts";
import type { KeyKind } from "./apiKey.ts";

const SECRET_BYTES = 32;
const PUBLIC_BYTES = 12;

/** The part of a key that its owner keeps: it is shown once and stored nowhere. `publicKey` is null unless the key is a pair. */
export type KeyCredentials = { secret: string; publicKey: string | null };

/** New random credentials of a kind. */
export function newKeyCredentials(kind: KeyKind): KeyCredentials {
  const secret = kind === "uuid" ? randomUUID() : `sbx_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  return { secret, publicKey: kind === "pair" ? `sbx_pub_${randomBytes(PUBLIC_BYTES).toString("base64url")}` : null };
}

const OWN_SECRET = /^sbx_|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a secret has the form of ours. Any other is a key of another product, which its SDK sends because it must send one. */
export function isOwnSecret(secret: string): boolean {
  return OWN_SECRET.test(secret);
}

/**
 * The stored hash of a secret: SHA-256, 64 hex digits. Slow salted hashes protect passwords that people choose;
 * these secrets are 256 random bits (122 in a UUID), which nobody can guess, and every request pays for the hash.
 */
export function secretHash(secret: string): string {
  return sha256(secret);
}

/** The last four characters of a secret, shown to tell keys apart. */
export function secretEnding(secret: string): string {
  return secret.slice(-4);
}
