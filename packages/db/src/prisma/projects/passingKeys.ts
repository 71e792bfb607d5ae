import { type KeyScope, newId } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { createApiKey, deletePassingKeys, type PassingKeyUse } from "./apiKeyStore.ts";

/** The lifetime of a key, and the shorter time for which it is used, in milliseconds. */
const LASTS_MS = 600_000;
const USED_MS = 480_000;

/** Short-lived keys by which a program of ours calls other parts in a project's name: `keyOf` gives one, `forget` deletes all of them. */
export type PassingKeys = { keyOf: (project: string) => Promise<string>; forget: () => Promise<void> };

type PassingKey = { secret: string; until: number };

/**
 * Creates keys that live for minutes and are known to this process alone; a killed process's keys
 * are deleted when the next key for the same `use` is made. `clock` returns milliseconds since 1970.
 */
export function openPassingKeys(
  prisma: PrismaClient,
  { use, scopes }: { use: PassingKeyUse; scopes: readonly KeyScope[] },
  clock: () => number,
): PassingKeys {
  const keys = new Map<string, PassingKey>();
  const making = new Map<string, Promise<PassingKey>>();
  /** The expiry of each created key (milliseconds since 1970), by its id. */
  const expiries = new Map<string, number>();

  async function make(project: string): Promise<PassingKey> {
    const now = clock();
    // Keys that a pending request may still use stay until they have expired.
    await deletePassingKeys(prisma, use, [], new Date(now));
    for (const [id, expiresMs] of expiries) if (expiresMs <= now) expiries.delete(id);
    const { key, credentials } = await createApiKey(
      prisma,
      {
        ...{ project, name: `${use} ${newId()}`, kind: "token", scopes: [...scopes], requestsPerMinuteMax: null },
        expiresAt: new Date(now + LASTS_MS).toISOString(),
      },
      new Date(now),
    );
    const made = { secret: credentials.secret, until: now + USED_MS };
    keys.set(project, made);
    expiries.set(key.id, now + LASTS_MS);
    return made;
  }

  return {
    async keyOf(project) {
      const known = keys.get(project);
      if (known !== undefined && clock() < known.until) return known.secret;
      const made = making.get(project) ?? make(project).finally(() => making.delete(project));
      making.set(project, made);
      return (await made).secret;
    },

    async forget() {
      await Promise.allSettled(making.values());
      keys.clear();
      if (expiries.size === 0) return;
      const ids = [...expiries.keys()];
      expiries.clear();
      await deletePassingKeys(prisma, use, ids, new Date(clock()));
    },
  };
}
