import { durationMs } from "@signalbox/model";
import type { LivePolicy } from "../live/livePolicy.ts";

/** What was written within so long, in milliseconds, may not be read yet: a look goes by what is older. */
export const LOOK_BEHIND_MS = 10_000;

/** A rollout whose units need long to settle is looked at a few times within that; it tells nothing sooner. */
const LOOKS_PER_LAG = 10;

/** Once in so long, in milliseconds, each rollout is looked at, at least. */
export const LOOK_EVERY_MAX_MS = 60_000;

/** How long after its beginning a unit counts at a look, and how often the gate looks; in milliseconds. */
export interface LookPace {
  readonly knownAfterMs: number;
  readonly everyMs: number;
}

/** How soon a policy's gate knows of units. */
export function lookPace({ onMissing }: LivePolicy): LookPace {
  const lagMs = durationMs(onMissing.scoringLag);
  return { knownAfterMs: lagMs + LOOK_BEHIND_MS, everyMs: Math.min(LOOK_EVERY_MAX_MS, lagMs / LOOKS_PER_LAG) };
}
