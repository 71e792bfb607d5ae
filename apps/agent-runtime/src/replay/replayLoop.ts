import { claimReplays, endReplay, extendReplays, type ReplayClaim, releaseReplay } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError, errorBody } from "@signalbox/model";
import { dateOfUs } from "../clock.ts";
import type { WorkerMeans } from "../worker/worker.ts";
import { replayKept } from "./replayKept.ts";

/** So often a worker looks for replays, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** So often it says that it works on those that it has, in milliseconds. */
const EXTEND_EVERY_MS = 5_000;

/** So many replays a worker has in hand. */
const IN_FLIGHT_MAX = 4;

/** Whether a store or a service was away: the replay says nothing of the task, and is left to whoever takes it up next. */
function mayPass(error: unknown): boolean {
  return error instanceof AppError && (error.code === "upstream_unavailable" || error.code === "overloaded");
}

/**
 * Does the replays that people asked for, a few at a time. What it takes up it says that it works on; one whose worker died is taken up again, from its beginning. `close` puts back
 * what is in hand.
 */
export function openReplayLoop(means: WorkerMeans): Loop {
  const { prisma, clock, log, version } = means;
  const closing = Promise.withResolvers<"closing">();

  const perform = async (claim: ReplayClaim): Promise<void> => {
    const done = replayKept(means, claim).then(
      (report) => ({ report }),
      (error: unknown) => {
        if (mayPass(error)) throw error;
        log.warn({ replayId: claim.id, taskId: claim.taskId, err: error }, "a replay failed");
        return errorBody(error);
      },
    );
    done.catch(() => undefined);
    const end = await Promise.race([done, closing.promise]);
    if (end === "closing") await releaseReplay(prisma, claim);
    else await endReplay(prisma, claim, end, dateOfUs(clock.nowUs()));
  };

  const loop = openLoop("replays", LOOK_EVERY_MS, log, async () => {
    const claims = await claimReplays(prisma, { build: version.build, rowsMax: IN_FLIGHT_MAX });
    if (claims.length === 0) return "idle";
    const extending = openLoop("replays in hand", EXTEND_EVERY_MS, log, async () => {
      await extendReplays(prisma, claims);
      return "idle";
    });
    const done = await Promise.allSettled(claims.map(perform));
    await extending.close();
    const failed = done.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return "more";
  });
  return {
    close: () => {
      closing.resolve("closing");
      return loop.close();
    },
  };
}
