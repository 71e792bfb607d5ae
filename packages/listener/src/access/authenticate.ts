import { createHash, timingSafeEqual } from "node:crypto";
import { allows, DEFAULT_PROJECT, isOwnSecret, type KeyScope, secretHash } from "@signalbox/model";
import type { Allowance } from "./allowance.ts";
import { credentialOf, type HeaderLookup } from "./credential.ts";
import type { KeyRing } from "./keyRing.ts";

/**
 * The result of authentication: whether a request is granted, and for which project; `isKeyed` is whether a key decided that.
 * `message` contains no secret. `unauthenticated`, `ended` (a key of ours that was revoked or has expired) and `forbidden`
 * are final; the others pass: `rate_limited` in `retryAfterMs` milliseconds, `unavailable` when the keys can be read again.
 */
export type Access =
  | { kind: "granted"; project: string; isKeyed: boolean }
  | { kind: "unauthenticated" | "ended" | "forbidden" | "unavailable"; message: string }
  | { kind: "rate_limited"; project: string; message: string; retryAfterMs: number };

/** The refusal of a request. */
export type NoAccess = Exclude<Access, { kind: "granted" }>;

/** The HTTP statuses of refusals. */
export const NO_ACCESS_STATUSES = {
  unauthenticated: 401,
  ended: 401,
  forbidden: 403,
  rate_limited: 429,
  unavailable: 503,
} as const satisfies Record<NoAccess["kind"], number>;

/** Authenticates a request by its headers, before its body is read. */
export type Authenticate = (headers: HeaderLookup, scope: KeyScope) => Promise<Access>;

/**
 * The rules of access: `keys` are the known ones (null: this listener has none), `isKeyRequired`
 * refuses a request without one, which otherwise belongs to the project `default`, as does one with
 * another product's key. `allowance` enforces the keys' rates, `clock` is milliseconds since 1970.
 */
export interface Entrance {
  keys: KeyRing | null;
  isKeyRequired: boolean;
  allowance: Allowance;
  clock: () => number;
}

/** Opens an authenticator. */
export function authenticator({ keys, isKeyRequired, allowance, clock }: Entrance): Authenticate {
  return async (headers, scope) => {
    const credential = credentialOf(headers);
    if (credential.kind === "unreadable") return refused("the Authorization header is neither Bearer nor Basic as we know it");
    if (credential.kind === "none" || (!isKeyRequired && !isOwnSecret(credential.secret))) {
      if (isKeyRequired) return refused("a key is needed: send it as Authorization: Bearer, or as x-api-key");
      return { kind: "granted", project: DEFAULT_PROJECT, isKeyed: false };
    }
    if (keys === null) return refused("no state store is given here to know keys from (DATABASE_URL)");

    const found = await keys.find(secretHash(credential.secret));
    if (found.kind === "unavailable")
      return { kind: "unavailable", message: "keys cannot be read right now, and this one is not known yet" };
    if (found.kind === "unknown" || !isSameName(credential.publicKey, found.key.publicKey)) return refused("this key is not known");
    const { id, project, scopes, requestsPerMinuteMax, expiresAt, revokedAt } = found.key;
    if (revokedAt !== null) return { kind: "ended", message: `this key was revoked at ${new Date(revokedAt).toISOString()}` };
    if (expiresAt !== null && expiresAt <= clock())
      return { kind: "ended", message: `this key expired at ${new Date(expiresAt).toISOString()}` };
    if (!allows(scopes, scope)) return { kind: "forbidden", message: `this key does not allow "${scope}"` };

    if (requestsPerMinuteMax !== null) {
      const taken = await allowance(id, requestsPerMinuteMax);
      if (taken.kind === "refused") {
        const message = `this key allows ${requestsPerMinuteMax} requests a minute`;
        return { kind: "rate_limited", project, message, retryAfterMs: taken.retryAfterMs };
      }
    }
    keys.noteUse(id);
    return { kind: "granted", project, isKeyed: true };
  };
}

function refused(message: string): NoAccess {
  return { kind: "unauthenticated", message };
}

/** Compares the public name sent with a secret with the key's own, in constant time. A secret may also come alone. */
function isSameName(shown: string | null, known: string | null): boolean {
  if (shown === null) return true;
  const digest = (name: string): Buffer => createHash("sha256").update(name).digest();
  return known !== null && timingSafeEqual(digest(shown), digest(known));
}
