import { type ClickHouseClient, createRetentionStore } from "@signalbox/db/clickhouse";
import { expireSettled, listRetention, type PrismaClient, trimReplays } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** What the loop works with. `clock` answers milliseconds since 1970; `expired` counts rows. */
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
 * Deletes what is older than its project keeps it: telemetry, and dead letters and replays that are settled; of replays none but
 * the latest stay in any case. What a round does can be done again: a kill at any moment leaves rows that the next one finds.
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
    // Telemetry first: a letter of records that the collector refused would be made anew while they are there.
    for (const { project, table, rows } of await store.enforce(retentions)) expired.inc({ project, table }, rows);
    for (const { project, firstDay } of retentions)
      for (const { table, rows } of await expireSettled(prisma, project, new Date(firstDay))) tell(project, table, rows);
    for (const { project, rows } of await trimReplays(prisma)) tell(project, "replay", rows);
    return "idle";
  });
}
