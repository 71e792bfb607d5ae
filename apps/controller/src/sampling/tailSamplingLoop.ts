import { type ClickHouseClient, createTailStore } from "@signalbox/db/clickhouse";
import { listTailSampling, type PrismaClient } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { TailSampling } from "@signalbox/model";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** What the loop works with. `clock` answers milliseconds since 1970; `judged` counts traces, `dropped` rows. */
export type TailSamplingParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  judged: Counter<"project" | "reason">;
  dropped: Counter<"project">;
};

/** What came into the store late, since the store was away, is looked for this often, and this far back. */
const CATCH_UP_EVERY_MS = 600_000;
const CATCH_UP_MS = 3_600_000;

/** One look takes in no more than this, so that it takes the store seconds however far behind we are. */
const LOOK_MS_MAX = 300_000;

/**
 * Judges traces when they are over, and drops those that their project does not keep. They are readable until then. What a round does can be done again:
 * a kill at any moment leaves traces that the next round judges, or drops.
 */
export function openTailSamplingLoop({ prisma, clickhouse, clock, log, pauseMs, judged, dropped }: TailSamplingParts): Loop {
  const store = createTailStore(clickhouse);
  /** Up to when each project's traces were looked at, and when that last went back for late ones. */
  const progress = new Map<string, { until: number; caughtUpAt: number }>();

  /** Looks at the next stretch of a project's traces; returns whether there is more to look at. */
  async function judge(project: string, tail: TailSampling, since: Date): Promise<boolean> {
    const now = clock();
    const end = now - tail.waitSeconds * 1_000;
    const before = progress.get(project);
    const isToCatchUp = before === undefined || now - before.caughtUpAt >= CATCH_UP_EVERY_MS;
    const from = Math.max(since.getTime(), isToCatchUp ? end - CATCH_UP_MS : before.until);
    const until = Math.min(end, from + LOOK_MS_MAX);
    if (from >= until) return false;
    const round = { project, from, until };
    for (const { reason, traces } of await store.decide(round, tail)) judged.inc({ project, reason }, traces);
    dropped.inc({ project }, await store.drop(round));
    progress.set(project, { until, caughtUpAt: isToCatchUp ? now : before.caughtUpAt });
    return until < end;
  }

  return openLoop("tail sampling", pauseMs, log, async () => {
    // Rows that are not gone yet would be counted again.
    if (!(await store.isSettled())) return "idle";
    let hasMore = false;
    for (const { project, tail, since } of await listTailSampling(prisma)) hasMore = (await judge(project, tail, since)) || hasMore;
    return hasMore ? "more" : "idle";
  });
}
