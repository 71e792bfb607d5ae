import { countUnfinishedTasks, type PrismaClient } from "@signalbox/db/prisma";
import type { Lane } from "@signalbox/model";
import type { Logger } from "pino";
import { Backlog, type BacklogLimits, type Place } from "./backlog.ts";

/** The oldest count that is still used, in milliseconds. */
const COUNT_AGE_MS_MAX = 5_000;

/**
 * The shortest pause between two counts, in milliseconds. It is also at least ten times as long as the last count took, so that counting is
 * never more than a tenth of the work.
 */
const COUNT_GAP_MS = 500;
const COUNT_GAP_FACTOR = 10;

/** After this time, in milliseconds, a request is either stored or refused. */
const SETTLED_AFTER_MS = 200;

/**
 * Takes a place for a task among the unfinished ones, which PostgreSQL counts while tasks arrive. Throws if there is none, or the count is
 * too old.
 */
export type TakePlace = (project: string, lane: Lane) => Promise<Place>;

/** Opens the watched backlog. `clock` is milliseconds since 1970. */
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
