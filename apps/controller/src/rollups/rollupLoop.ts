import { type ClickHouseClient, createTrendRollups } from "@signalbox/db/clickhouse";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";

/** What the loop works with. `clock` answers milliseconds; `rounds` counts by outcome. */
export type RollupParts = {
  clickhouse: ClickHouseClient;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  rounds: Counter<"outcome">;
};

/**
 * Under load the minute at hand is behind again as soon as it is computed, and has more rows
 * each time. A round is followed by a pause of so many times its length, so that charts take a
 * twentieth of one core at most and are minutes behind rather than in the way of what arrives.
 */
const PAUSE_PER_WORK = 19;

/**
 * Keeps the sums behind charts in step with what arrives. A kill at any
 * moment leaves minutes that are behind, and the next round finds them.
 */
export function openRollupLoop({ clickhouse, clock, log, pauseMs, rounds }: RollupParts): Loop {
  const rollups = createTrendRollups(clickhouse);
  return openLoop("roll-ups", pauseMs, log, async () => {
    const startedAt = clock();
    const next = await rollups.catchUp();
    rounds.inc({ outcome: next });
    return next === "more" ? next : { pauseMs: Math.max(pauseMs, PAUSE_PER_WORK * (clock() - startedAt)) };
  });
}
