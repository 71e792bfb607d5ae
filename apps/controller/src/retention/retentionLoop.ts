import { type ClickHouseClient, createRetentionStore } from "@signalbox/db/clickhouse";
import { expireSettled, listRetention, type PrismaClient, trimReplays } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** Dependencies of the loop. `clock` returns milliseconds since 1970; `expired` counts rows. */
export type RetentionParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  expired: Counter<"project" | "table">;
};

const DAY_MS = 86_400_000;

/**
 * Deletes everything older than its project's retention: telemetry, and settled dead letters and replays. In addition, only the latest
 * replays are kept. A round can be repeated: a kill at any moment leaves rows that the next one finds.
 */
export function openRetentionLoop({ prisma, clickhouse, clock, log, pauseMs, expired }: RetentionParts): Loop {
  const store = createRetentionStore(clickhouse);
  return openLoop("retention", pauseMs, log, async () => {
    const firstDayOf = (days: number): string => new Date(clock() - days * DAY_MS).toISOString().slice(0, 10);
    const retentions = (await listRetention(prisma)).map(({ project, days }) => ({ project, firstDay: firstDayOf(days) }));
    const tell = (project: string, table: string, rows: number): void => {
      expired.inc({ project, table }, rows);
      log.info({ project, table, rows }, "rows expired");
    };
    // Telemetry first: a letter about records that the collector rejected would be made anew while they exist.
    for (const { project, table, rows } of await store.enforce(retentions)) expired.inc({ project, table }, rows);
    for (const { project, firstDay } of retentions)
      for (const { table, rows } of await expireSettled(prisma, project, new Date(firstDay))) tell(project, table, rows);
    for (const { project, rows } of await trimReplays(prisma)) tell(project, "replay", rows);
    return "idle";
  });
}
