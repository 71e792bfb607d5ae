import { createApiKey, type PrismaClient } from "@signalbox/db/prisma";
import { newId } from "@signalbox/model";

/** A key lasts so long, in milliseconds, and is used for less. */
const LASTS_MS = 600_000;
const USED_MS = 480_000;

/** Gives a key by which telemetry of a project is taken in: one that lasts minutes and is in this process alone. `clock` answers milliseconds since 1970. */
export function openProjectKeys(prisma: PrismaClient, clock: () => number): (project: string) => Promise<string> {
  const keys = new Map<string, { secret: string; until: number }>();
  return async (project) => {
    const known = keys.get(project);
    if (known !== undefined && clock() < known.until) return known.secret;
    const now = clock();
    const { credentials } = await createApiKey(
      prisma,
      {
        ...{ project, name: `redrive ${newId()}`, kind: "token", scopes: ["ingest"], requestsPerMinuteMax: null },
        expiresAt: new Date(now + LASTS_MS).toISOString(),
      },
      new Date(now),
    );
    keys.set(project, { secret: credentials.secret, until: now + USED_MS });
    return credentials.secret;
  };
}
