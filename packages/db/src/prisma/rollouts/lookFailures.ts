import { LookFailure } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/**
 * Records a failed look at a rollout, with its time (ISO 8601, UTC) and reason;
 * returns the whole series of failures. Null for a rollout that is over.
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

/** Ends a series of failed looks, unless another look, perhaps another controller's, has failed since `failure` was read. */
export async function endLookFailure(prisma: PrismaClient, id: string, { at, times }: LookFailure): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
      UPDATE rollout SET look_failure = NULL
      WHERE id = ${id}::uuid AND look_failure ->> 'at' = ${at} AND (look_failure ->> 'times')::int = ${times}`,
  );
}
