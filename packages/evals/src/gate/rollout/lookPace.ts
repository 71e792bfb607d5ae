import { durationMs } from "@signalbox/model";
import type { LivePolicy } from "../live/livePolicy.ts";

/** Rows written within this time, in milliseconds, may not be readable yet: a look only uses older ones. */
export const LOOK_BEHIND_MS = 10_000;

/** A rollout is looked at this often within its scoring lag; it has no news sooner. */
const LOOKS_PER_LAG = 10;

/** The longest time between two looks at a rollout, in milliseconds. */
export const LOOK_EVERY_MAX_MS = 60_000;

/** The age at which a unit counts at a look, and the interval between looks; in milliseconds. */
export interface LookPace {
  readonly knownAfterMs: number;
  readonly everyMs: number;
}

/** The pace of a policy's gate. */
export function lookPace({ onMissing }: LivePolicy): LookPace {
  const lagMs = durationMs(onMissing.scoringLag);
  return { knownAfterMs: lagMs + LOOK_BEHIND_MS, everyMs: Math.min(LOOK_EVERY_MAX_MS, lagMs / LOOKS_PER_LAG) };
}
