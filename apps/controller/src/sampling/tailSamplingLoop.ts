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

/**
 * Judges traces when they are over, and drops those that their project does not keep. They are readable until then. What a round does can be done again:
 * a kill at any moment leaves traces that the next round judges, or drops.
 */
export function openTailSamplingLoop({ prisma, clickhouse, clock, log, pauseMs, judged, dropped }: TailSamplingParts): Loop {
  const store = createTailStore(clickhouse);
  const progress = new Map<string, { until: number; caughtUpAt: number }>();

  async function judge(project: string, tail: TailSampling, since: Date): Promise<void> {
    const now = clock();
    const until = now - tail.waitSeconds * 1_000;
    const before = progress.get(project);
    // The first round after a start goes back as far as one that catches up.
    const isToCatchUp = before === undefined || now - before.caughtUpAt >= CATCH_UP_EVERY_MS;
    const round = { project, from: Math.max(since.getTime(), isToCatchUp ? until - CATCH_UP_MS : before.until), until };
    if (round.from >= round.until) return;
    for (const { reason, traces } of await store.decide(round, tail)) judged.inc({ project, reason }, traces);
    dropped.inc({ project }, await store.drop(round));
    progress.set(project, { until, caughtUpAt: isToCatchUp ? now : before.caughtUpAt });
  }

  return openLoop("tail sampling", pauseMs, log, async () => {
    // Rows that are not gone yet would be counted again.
    if (!(await store.isSettled())) return "idle";
    for (const { project, tail, since } of await listTailSampling(prisma)) await judge(project, tail, since);
    return "idle";
  });
}
