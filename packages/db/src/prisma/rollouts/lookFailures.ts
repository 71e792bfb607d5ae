import { LookFailure } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/**
 * Puts on record that a look at a rollout failed at a moment (ISO 8601, UTC), and
 * why; answers all that failed since one did not. Null for a rollout that is over.
 */
export async function noteLookFailure(
  prisma: PrismaClient,
  id: string,
  { at, reason }: { at: string; reason: string },
): Promise<LookFailure | null> {
  const [row] = await askStateStore(
    () => prisma.$queryRaw<{ failure: unknown }[]>`
      UPDATE rollout SET look_failure = json_build_object(
        'since', COALESCE(look_failure ->> 'since', ${at}), 'at', ${at}::text,
        'times', COALESCE((look_failure ->> 'times')::int, 0) + 1, 'reason', ${reason}::text)
      WHERE id = ${id}::uuid AND ended_at IS NULL RETURNING look_failure AS failure`,
  );
  return row === undefined ? null : LookFailure.parse(row.failure);
}

/** Puts on record that looks at a rollout fail no more, unless one has failed since `failure` was read: another controller's may. */
export async function endLookFailure(prisma: PrismaClient, id: string, { at, times }: LookFailure): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
      UPDATE rollout SET look_failure = NULL
      WHERE id = ${id}::uuid AND look_failure ->> 'at' = ${at} AND (look_failure ->> 'times')::int = ${times}`,
  );
}
