import type { Prisma } from "../generated/client.ts";

/** A version whose workers started no attempt for so long counts as gone, in milliseconds. */
const SERVED_WITHIN_MS = 24 * 3_600_000;

/** The versions of the agent that serve: those of workers which lately started an attempt. */
export async function listServingVersions(transaction: Prisma.TransactionClient, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - SERVED_WITHIN_MS);
  const rows = await transaction.$queryRaw<{ version: string }[]>`
    SELECT DISTINCT version FROM attempt WHERE started_at >= ${since} ORDER BY version`;
  return rows.map(({ version }) => version);
}
