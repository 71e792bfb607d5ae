import type { Rollout, RolloutAct } from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { lockRollout } from "./lockRollout.ts";
import { toRollout } from "./rolloutRows.ts";
import { retryRollout, type Who } from "./startRollout.ts";
import { writeChange } from "./writeChange.ts";

/**
 * Does to a rollout what somebody asks for, on record and at once; the routing follows in the same moment. Answers the rollout as it is then; of `retry` the new one.
 * Throws `not_found`, and `conflict` where it is not in a state for that.
 */
export async function actOnRollout(prisma: PrismaClient, id: string, { act, reason }: RolloutAct, { actor, now }: Who): Promise<Rollout> {
  if (act === "retry") return retryRollout(prisma, id, reason, { actor, now });
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const row = await lockRollout(transaction, id);
      return writeChange(
        transaction,
        toRollout(row),
        { by: "person", act, actor, reason, at: now.toISOString() },
        { looks: row.looks, now },
      );
    }),
  );
}
