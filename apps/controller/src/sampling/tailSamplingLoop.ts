import { type ClickHouseClient, createTailStore } from "@signalbox/db/clickhouse";
import { listTailSampling, type PrismaClient } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { TailSampling } from "@signalbox/model";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/**
 * Dependencies of the loop. Everything received before `readableUntilMs` (milliseconds since 1970, by the collector's clock) is in the
 * store; null if that is unknown. `judged` counts traces, `dropped` rows.
 */
export type TailSamplingParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  readableUntilMs: () => Promise<number | null>;
  log: Logger;
  pauseMs: number;
  judged: Counter<"project" | "reason">;
  dropped: Counter<"project">;
};

/**
 * How often the loop looks for telemetry that came late after all because the collector's clock was set back, and below, how far back, in
 * milliseconds.
 */
const CATCH_UP_EVERY_MS = 600_000;
const CATCH_UP_MS = 3_600_000;

/** The longest stretch of one look, in milliseconds, so that it takes the store only seconds however far behind we are. */
const LOOK_MS_MAX = 300_000;

/**
 * Judges finished traces, and drops those that their project does not keep; they are readable until then. A trace is finished when nothing
 * of it was received for a while and all of that time is readable: while the store lags, or the collector does not answer, traces wait. A
 * round can be repeated: a kill at any moment leaves traces that the next round judges or drops.
 */
export function openTailSamplingLoop({ prisma, clickhouse, readableUntilMs, log, pauseMs, judged, dropped }: TailSamplingParts): Loop {
  const store = createTailStore(clickhouse);
  /** The time up to which each project's traces were looked at, and when that last went back for late ones. */
  const progress = new Map<string, { until: number; caughtUpAt: number }>();

  /** Looks at the next stretch of a project's traces; returns whether there is more. */
  async function judge(project: string, tail: TailSampling, since: Date, readableUntil: number): Promise<boolean> {
    const end = readableUntil - tail.waitSeconds * 1_000;
    const before = progress.get(project);
    const isToCatchUp = before === undefined || end - before.caughtUpAt >= CATCH_UP_EVERY_MS;
    const from = Math.max(since.getTime(), isToCatchUp ? Math.min(end - CATCH_UP_MS, before?.until ?? end) : before.until);
    const until = Math.min(end, from + LOOK_MS_MAX);
    if (from >= until) return false;
    const round = { project, from, until };
    for (const { reason, traces } of await store.decide(round, tail)) judged.inc({ project, reason }, traces);
    dropped.inc({ project }, await store.drop(round));
    progress.set(project, { until, caughtUpAt: isToCatchUp ? end : before.caughtUpAt });
    return until < end;
  }

  return openLoop("tail sampling", pauseMs, log, async () => {
    // Rows whose deletion is not finished would be counted again.
    if (!(await store.isSettled())) return "idle";
    const sampled = await listTailSampling(prisma);
    const readableUntil = sampled.length === 0 ? null : await readableUntilMs();
    if (readableUntil === null) return "idle";
    let hasMore = false;
    for (const { project, tail, since } of sampled) hasMore = (await judge(project, tail, since, readableUntil)) || hasMore;
    return hasMore ? "more" : "idle";
  });
}
