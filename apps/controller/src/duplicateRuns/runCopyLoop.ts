import { type ClickHouseClient, createRunCopyStore } from "@signalbox/db/clickhouse";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** Dependencies of the loop. `clock` returns milliseconds since 1970; `copies` counts spans. */
export type RunCopyParts = {
  clickhouse: ClickHouseClient;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  copies: Counter<"project">;
};

/** How far back each look goes, in milliseconds: either half of a pair may reach the store first. */
const LOOK_MS = 180_000;

/**
 * How often the loop looks further back, and below, how far, in milliseconds: for pairs that came farther apart, or while no controller
 * ran.
 */
const CATCH_UP_EVERY_MS = 600_000;
const CATCH_UP_MS = 3_600_000;

/**
 * Deletes the duplicates that LangSmith's client sends in its `hybrid` mode: it reports each run natively and, under other ids, over
 * OpenTelemetry. Such a copy is readable until the next look. A kill at any moment leaves copies for the next look.
 */
export function openRunCopyLoop({ clickhouse, clock, log, pauseMs, copies }: RunCopyParts): Loop {
  const store = createRunCopyStore(clickhouse);
  let caughtUpAtMs = Number.NEGATIVE_INFINITY;

  return openLoop("run copies", pauseMs, log, async () => {
    // Rows whose deletion is not finished would be counted again.
    if (!(await store.isSettled())) return "idle";
    const until = clock();
    const isToCatchUp = until - caughtUpAtMs >= CATCH_UP_EVERY_MS;
    const from = until - (isToCatchUp ? CATCH_UP_MS : LOOK_MS);
    for (const project of await store.projects(from)) copies.inc({ project }, await store.drop({ project, from, until }));
    if (isToCatchUp) caughtUpAtMs = until;
    return "idle";
  });
}
