import { type ClickHouseClient, createRetentionStore } from "@signalbox/db/clickhouse";
import { listRetention, type PrismaClient } from "@signalbox/db/prisma";
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

/** Deletes telemetry that is older than its project keeps it. What a round does can be done again: a kill at any moment leaves rows that the next one finds. */
export function openRetentionLoop({ prisma, clickhouse, clock, log, pauseMs, expired }: RetentionParts): Loop {
  const store = createRetentionStore(clickhouse);
  return openLoop("retention", pauseMs, log, async () => {
    const firstDayOf = (days: number): string => new Date(clock() - days * DAY_MS).toISOString().slice(0, 10);
    const retentions = (await listRetention(prisma)).map(({ project, days }) => ({ project, firstDay: firstDayOf(days) }));
    for (const { project, table, rows } of await store.enforce(retentions)) expired.inc({ project, table }, rows);
    return "idle";
  });
}
