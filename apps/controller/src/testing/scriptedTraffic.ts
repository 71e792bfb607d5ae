import { createHash } from "node:crypto";
import type { Exposure, UnitEvent } from "@signalbox/model";

/** A number in [0, 1) derived from a text. */
export const chanceOf = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;

const MINUTE_MS = 60_000;
const SCORED_AFTER_MS = 5_000;

/** The share of units that succeed, for each version of scripted traffic. */
export type Successes = { stable: number; candidate: number };

/**
 * Units that arrive at scripted times and are assigned by the weight of that minute, each followed by a `task_success` some seconds later.
 * `startMs` is milliseconds since 1970.
 */
export function scriptedTraffic(startMs: number, successes: Successes, unitsPerMinute = 100) {
  const exposures: Exposure[] = [];
  const events: UnitEvent[] = [];
  return {
    exposures,
    events,
    /** Adds one minute of traffic, starting at minute `minute`, at a weight in percent. */
    pass(minute: number, { step, weight }: { step: number; weight: number }): void {
      for (let index = 0; index < unitsPerMinute; index += 1) {
        const unit = `u-${minute}-${index}`;
        const at = startMs + minute * MINUTE_MS + (index * MINUTE_MS) / unitsPerMinute;
        const arm = chanceOf(`arm ${unit}`) < weight / 100 ? "candidate" : "stable";
        const value = chanceOf(`success ${unit}`) < successes[arm] ? 1 : 0;
        exposures.push({ unit, arm, step, share: weight / 100, at });
        events.push({ kind: "value", unit, metric: "task_success", value, at: at + SCORED_AFTER_MS });
      }
    },
    /** The data that a reader finds before a time. */
    before: (untilMs: number) => ({
      exposures: exposures.filter(({ at }) => at < untilMs),
      events: events.filter(({ at }) => at < untilMs),
    }),
  };
}
