import { createApiKey, deleteResendKeys, type PrismaClient, RESEND_KEY } from "@signalbox/db/prisma";
import { newId } from "@signalbox/model";

/** A key lasts so long, in milliseconds, and is used for less. */
const LASTS_MS = 600_000;
const USED_MS = 480_000;

/** Keys by which telemetry of projects is taken in: `keyOf` gives one, `forget` takes all of them back. */
export type ProjectKeys = { keyOf: (project: string) => Promise<string>; forget: () => Promise<void> };

/**
 * Keys that last minutes and are in this process alone; what a killed one left
 * goes when the next key is made. `clock` answers milliseconds since 1970.
 */
export function openProjectKeys(prisma: PrismaClient, clock: () => number): ProjectKeys {
  const keys = new Map<string, { id: string; secret: string; until: number }>();
  return {
    async keyOf(project) {
      const known = keys.get(project);
      if (known !== undefined && clock() < known.until) return known.secret;
      const now = clock();
      await deleteResendKeys(prisma, known === undefined ? [] : [known.id], new Date(now));
      keys.delete(project);
      const { key, credentials } = await createApiKey(
        prisma,
        {
          ...{ project, name: `${RESEND_KEY} ${newId()}`, kind: "token", scopes: ["ingest"], requestsPerMinuteMax: null },
          expiresAt: new Date(now + LASTS_MS).toISOString(),
        },
        new Date(now),
      );
      keys.set(project, { id: key.id, secret: credentials.secret, until: now + USED_MS });
      return credentials.secret;
    },

    async forget() {
      if (keys.size === 0) return;
      const ids = [...keys.values()].map(({ id }) => id);
      keys.clear();
      await deleteResendKeys(prisma, ids, new Date(clock()));
    },
  };
}
