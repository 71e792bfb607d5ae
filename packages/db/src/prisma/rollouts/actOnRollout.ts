import { type Rollout, type RolloutAct, requireExpected } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { lockRollout } from "./lockRollout.ts";
import { toRollout } from "./rolloutRows.ts";
import { type Retried, retryRollout, type Who } from "./startRollout.ts";
import { writeChange } from "./writeChange.ts";

/**
 * Does to a rollout what somebody asks for, on record and at once; the routing follows in the same moment. Answers the rollout as it is
 * then; of `retry` the new one, which begins as `retried` says. Throws `not_found`, and `conflict` where it is not in a state for that, or not as it was expected to be.
 */
export async function actOnRollout(
  prisma: PrismaClient,
  id: string,
  { act, reason, expected = {}, retried }: RolloutAct & { retried?: Retried },
  { actor, now }: Who,
): Promise<Rollout> {
  if (act === "retry") return retryRollout(prisma, id, { reason, expected, ...(retried === undefined ? {} : { retried }) }, { actor, now });
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
