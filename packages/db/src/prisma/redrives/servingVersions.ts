import type { Prisma } from "../generated/client.ts";

/** A version without a worker's heartbeat for this long, in milliseconds, counts as gone; workers send one every few seconds. */
const GONE_AFTER_MS = 60_000;

/** The agent versions that serve: a worker serves every version of its build. */
export async function listServingVersions(transaction: Prisma.TransactionClient, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - GONE_AFTER_MS);
  const rows = await transaction.$queryRaw<{ name: string }[]>`
    SELECT name FROM agent_version WHERE build IN (SELECT build FROM agent_version WHERE seen_at >= ${since}) ORDER BY name`;
  return rows.map(({ name }) => name);
}
