import type { LiveVerdict, LookFailure, Rollout } from "@signalbox/model";

/** What of a rollout delivery tools are told. */
export type TrackedRollout = Pick<Rollout, "id" | "project" | "gate" | "policy" | "stable" | "candidate" | "phase" | "step" | "reason">;

/**
 * A rollout, what its gate said when it was last looked at (null before the first look), whether that is
 * of what is so now, or its step began since, and that looks at it fail since (null where they do not).
 */
export type JudgedRollout = { rollout: TrackedRollout; verdict: LiveVerdict | null; isOfNow: boolean; failure: LookFailure | null };

/** The gate of a project, by its policy's name. */
export type GatePlace = { project: string; gate: string };

/** The newest rollouts of gates, and the gates whose rollout is there and cannot be read. */
export type NewestRollouts = { judged: JudgedRollout[]; unreadable: GatePlace[] };

/** Where rollouts are read. Throws `upstream_unavailable` while the store is away. */
export interface RolloutReader {
  /**
   * The newest rollout of a gate, or of one of its candidates; null where there is none. A promotion
   * that another rollout of the gate came after is none: it says nothing of the stable version of now.
   */
  newest(place: GatePlace, candidate?: string): Promise<JudgedRollout | null>;
  /** A rollout of a gate; null where there is none of this id. */
  byId(place: GatePlace, id: string): Promise<JudgedRollout | null>;
  /** The newest rollout of each gate, of one project or of all (null). */
  newestOfEach(project: string | null): Promise<NewestRollouts>;
}
