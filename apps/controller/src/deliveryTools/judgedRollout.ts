import type { LiveVerdict, LookFailure, Rollout } from "@signalbox/model";

/** The fields of a rollout that delivery tools get. */
export type TrackedRollout = Pick<Rollout, "id" | "project" | "gate" | "policy" | "stable" | "candidate" | "phase" | "step" | "reason">;

/**
 * A rollout with its gate's verdict at the last look (null before the first look). `isOfNow`: the verdict is still current, that is, no
 * step began since. `failure`: looks have failed since then (null if not).
 */
export type JudgedRollout = { rollout: TrackedRollout; verdict: LiveVerdict | null; isOfNow: boolean; failure: LookFailure | null };

/** A gate in its project, by its policy's name. */
export type GatePlace = { project: string; gate: string };

/** The newest rollouts of gates, and the gates whose rollout exists but cannot be read. */
export type NewestRollouts = { judged: JudgedRollout[]; unreadable: GatePlace[] };

/** Reads rollouts. Throws `upstream_unavailable` while the store is away. */
export interface RolloutReader {
  /**
   * The newest rollout of a gate, or of one of its candidates; null if there is none. A promotion with a later rollout of the gate does not
   * count: it says nothing about the current stable version.
   */
  newest(place: GatePlace, candidate?: string): Promise<JudgedRollout | null>;
  /** A rollout of a gate by id; null if it does not exist. */
  byId(place: GatePlace, id: string): Promise<JudgedRollout | null>;
  /** The newest rollout of each gate, of one project or of all (null). */
  newestOfEach(project: string | null): Promise<NewestRollouts>;
}
