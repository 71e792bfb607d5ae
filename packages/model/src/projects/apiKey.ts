import { z } from "zod";
import { ProjectName } from "./project.ts";

/**
 * The permissions of a key: send telemetry, read it, run and follow tasks, query
 * and operate gates; `admin` includes all of them and the management of keys.
 */
export const KEY_SCOPES = ["ingest", "read", "run", "gate", "admin"] as const;

export const KeyScope = z.enum(KEY_SCOPES);
export type KeyScope = z.infer<typeof KeyScope>;

/**
 * The shape of a key, for the SDK that sends it: `token` is one secret; `pair` is a public name and a secret, which
 * Langfuse's SDKs send as Basic auth; `uuid` is a secret in the form of a UUID, which AgentOps' SDKs insist on.
 */
export const KEY_KINDS = ["token", "pair", "uuid"] as const;

export const KeyKind = z.enum(KEY_KINDS);
export type KeyKind = z.infer<typeof KeyKind>;

/** The input for a new key. A null `requestsPerMinuteMax` means no limit; a null `expiresAt` (else ISO 8601, UTC) means never. */
export const NewApiKey = z.strictObject({
  project: ProjectName,
  name: z
    .string()
    .trim()
    .min(1, "a key needs a name")
    .max(100)
    .regex(/^\P{Cc}*$/u, "a name is one line of text"),
  kind: KeyKind.default("token"),
  scopes: z
    .array(KeyScope)
    .min(1, "a key needs a scope")
    .transform((scopes) => KEY_SCOPES.filter((scope) => scopes.includes(scope)))
    .default(["ingest"]),
  requestsPerMinuteMax: z.number().int().min(1).max(1_000_000).nullable().default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type NewApiKey = z.infer<typeof NewApiKey>;

/**
 * A key as it may be shown: without its secret, of which `ending` has the last four characters. `publicKey`
 * is null unless the key is a pair. `lastUsedAt` is accurate to about a minute. Times are ISO 8601, UTC.
 */
export const ApiKey = z.strictObject({
  id: z.uuid(),
  project: ProjectName,
  name: z.string(),
  kind: KeyKind,
  publicKey: z.string().nullable(),
  ending: z.string().length(4),
  scopes: z.array(KeyScope),
  requestsPerMinuteMax: z.number().int().positive().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/**
 * A key as the checker of requests needs it: the hash of its secret (`secretHash`), `publicKey`
 * (null unless it is a pair), `expiresAt` and `revokedAt` as milliseconds since 1970 (null: never).
 * Expired and revoked keys are included, so that they are not mistaken for keys of another product.
 */
export type KnownKey = {
  id: string;
  project: string;
  secretHash: string;
  publicKey: string | null;
  scopes: KeyScope[];
  requestsPerMinuteMax: number | null;
  expiresAt: number | null;
  revokedAt: number | null;
};

/** Whether a key with `scopes` has the permission `scope`. */
export function allows(scopes: readonly KeyScope[], scope: KeyScope): boolean {
  return scopes.includes(scope) || scopes.includes("admin");
}
