import { type ClickHouseClient, createTrendRollups } from "@signalbox/db/clickhouse";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** Dependencies of the loop. `clock` returns milliseconds; `rounds` counts by outcome. */
export type RollupParts = {
  clickhouse: ClickHouseClient;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  rounds: Counter<"outcome">;
};

/**
 * The pause after a round, as a multiple of its duration. Under load the current minute is out of date again as soon as it is computed, and
 * grows each time. With this pause charts take at most a twentieth of one core, and lag by minutes rather than slow down ingestion.
 */
const PAUSE_PER_WORK = 19;

/** Keeps the rollups behind charts up to date. A kill at any moment leaves minutes that are out of date, and the next round finds them. */
export function openRollupLoop({ clickhouse, clock, log, pauseMs, rounds }: RollupParts): Loop {
  const rollups = createTrendRollups(clickhouse);
  return openLoop("roll-ups", pauseMs, log, async () => {
    const startedAt = clock();
    const next = await rollups.catchUp();
    rounds.inc({ outcome: next });
    return next === "more" ? next : { pauseMs: Math.max(pauseMs, PAUSE_PER_WORK * (clock() - startedAt)) };
  });
}
