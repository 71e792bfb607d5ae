import type { ReplaySide } from "./replay.ts";

/**
 * How a replay changed its task's outcome: `fixed` succeeds where the record did not, `worse` the other
 * way round, `other` ends differently but fails on both sides. `unknown` where a side cannot be judged.
 */
export const REPLAY_CHANGES = ["same", "fixed", "worse", "other", "unknown"] as const;
export type ReplayChange = (typeof REPLAY_CHANGES)[number];

/** How a side ended, as far as its success depends on it. */
export type Ending = Pick<ReplaySide, "status" | "verdict">;

/**
 * Whether a side is done, and right where something was expected of it. Null where
 * that cannot be known: it did not finish, or a scorer had nothing to judge.
 */
export function hasSucceeded({ status, verdict }: Ending): boolean | null {
  if (status === "dead") return false;
  if (status !== "done") return null;
  if (verdict === null) return true;
  return verdict.reward === null ? null : verdict.reward === 1;
}

/** The change between the recorded and the replayed outcome. */
export function replayChange(recorded: Ending, replayed: Ending): ReplayChange {
  const [before, after] = [hasSucceeded(recorded), hasSucceeded(replayed)];
  if (before === null || after === null) return "unknown";
  if (before !== after) return after ? "fixed" : "worse";
  return recorded.status === replayed.status ? "same" : "other";
}
