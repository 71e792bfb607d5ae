import { hash } from "node:crypto";
import { canonicalJson } from "./canonicalJson.ts";

/** The SHA-256 of a text (as UTF-8) or of bytes, in 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data);
}

/** The SHA-256 of a JSON value's RFC 8785 text, which does not depend on the order of keys. */
export function canonicalHash(value: unknown): string {
  return sha256(canonicalJson(value));
}
