import type { KeySource } from "@signalbox/listener";
import { type KnownKey, secretHash } from "@signalbox/model";

/** A source with one key, which may send to `project` and read from it unless `terms` say otherwise. */
export function oneKey(secret: string, project: string, terms: Partial<KnownKey> = {}): KeySource {
  const key: KnownKey = {
    ...{ id: "1", project, secretHash: secretHash(secret), publicKey: null, scopes: ["ingest", "read"] },
    ...{ requestsPerMinuteMax: null, expiresAt: null, revokedAt: null, ...terms },
  };
  return {
    listKnownKeys: async () => [key],
    touchApiKeys: async () => {},
  };
}
