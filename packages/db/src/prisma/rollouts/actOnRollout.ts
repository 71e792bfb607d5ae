import { type Rollout, type RolloutAct, requireExpected } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { lockRollout } from "./lockRollout.ts";
import { toRollout } from "./rolloutRows.ts";
import { retryRollout, type Who } from "./startRollout.ts";
import { writeChange } from "./writeChange.ts";

/**
 * Performs a person's act on a rollout; the act, its record and the new routing are one transaction. Returns the rollout afterwards;
 * for `retry` the new one. Throws `not_found`, and `conflict` where its state does not allow the act, or is not the expected one.
 */
export async function actOnRollout(
  prisma: PrismaClient,
  id: string,
  { act, reason, expected = {} }: RolloutAct,
  { actor, now }: Who,
): Promise<Rollout> {
  if (act === "retry") return retryRollout(prisma, id, { reason, expected }, { actor, now });
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const row = await lockRollout(transaction, id);
      const before = toRollout(row);
      requireExpected(before, act, expected);
      return writeChange(
        transaction,
        before,
        { by: "person", act, actor, reason, at: now.toISOString() },
        { looks: row.looks, evidenceHash: row.evidenceHash, now },
      );
    }),
  );
}
