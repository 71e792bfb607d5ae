import { countUnfinishedTasks, type PrismaClient } from "@signalbox/db/prisma";
import type { Lane } from "@signalbox/model";
import type { Logger } from "pino";
import { Backlog, type BacklogLimits, type Place } from "./backlog.ts";

/** A count that is older than this is not believed any more. */
const COUNT_AGE_MS_MAX = 5_000;

/** Between two counts at least this much passes, and ten times what the last one took: counting is never more than a tenth of the work. */
const COUNT_GAP_MS = 500;
const COUNT_GAP_FACTOR = 10;

/** A request of this age is either stored or refused. */
const SETTLED_AFTER_MS = 200;

/**
 * Takes a place for a task among those that are unfinished, as PostgreSQL counts
 * them while tasks come in. Throws where there is none, or nobody answers.
 */
export type TakePlace = (project: string, lane: Lane) => Promise<Place>;

/** Makes it. `clock` is milliseconds since 1970. */
export function watchBacklog(prisma: PrismaClient, limits: BacklogLimits, clock: () => number, log: Logger): TakePlace {
  const backlog = new Backlog(limits);
  let counting: Promise<void> | null = null;
  let gapMs = COUNT_GAP_MS;
  let settledBefore = new Date(0);

  async function count(): Promise<void> {
    const startedMs = clock();
    const { take, fail } = backlog.counting(startedMs);
    const before = { stillBefore: settledBefore, settledBefore: new Date(startedMs - SETTLED_AFTER_MS) };
    const counts = await countUnfinishedTasks(prisma, before).catch((error: unknown) => {
      fail();
      throw error;
    });
    settledBefore = before.settledBefore;
    take(counts);
    gapMs = Math.max(COUNT_GAP_MS, COUNT_GAP_FACTOR * (clock() - startedMs));
  }

  return async (project, lane) => {
    const ageMs = backlog.countedMs === null ? Number.POSITIVE_INFINITY : clock() - backlog.countedMs;
    if (ageMs >= gapMs) {
      counting ??= count().finally(() => {
        counting = null;
      });
      const isBelieved = ageMs < Math.max(COUNT_AGE_MS_MAX, 2 * gapMs);
      if (isBelieved) counting.catch((error: unknown) => log.debug({ err: error }, "unfinished tasks could not be counted"));
      else await counting;
    }
    return backlog.take(project, lane);
  };
}
