import { type ClickHouseClient, createRunCopyStore } from "@signalbox/db/clickhouse";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** What the loop works with. `clock` answers milliseconds since 1970; `copies` counts spans. */
export type RunCopyParts = {
  clickhouse: ClickHouseClient;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  copies: Counter<"project">;
};

/** Either half of a pair may reach the store first: each look goes back this far. */
const LOOK_MS = 180_000;

/** What came farther apart, or while nobody looked, is looked for this often, and this far back. */
const CATCH_UP_EVERY_MS = 600_000;
const CATCH_UP_MS = 3_600_000;

/**
 * Takes out what LangSmith's client sent a second time: in its `hybrid` mode it tells each run natively and, under ids of its
 * own, over OpenTelemetry. Such a copy is readable until the next look. A kill at any moment leaves what the next look finds.
 */
export function openRunCopyLoop({ clickhouse, clock, log, pauseMs, copies }: RunCopyParts): Loop {
  const store = createRunCopyStore(clickhouse);
  let caughtUpAtMs = Number.NEGATIVE_INFINITY;

  return openLoop("run copies", pauseMs, log, async () => {
    // Rows that are not gone yet would be counted again.
    if (!(await store.isSettled())) return "idle";
    const until = clock();
    const isToCatchUp = until - caughtUpAtMs >= CATCH_UP_EVERY_MS;
    const from = until - (isToCatchUp ? CATCH_UP_MS : LOOK_MS);
    for (const project of await store.projects(from)) copies.inc({ project }, await store.drop({ project, from, until }));
    if (isToCatchUp) caughtUpAtMs = until;
    return "idle";
  });
}
