/** A revision of a Canary of Flagger's, at a gate: `canary` is `namespace/name`, `checksum` names the revision. */
export type CanaryRevision = { project: string; gate: string; canary: string; checksum: string };

/** The rollout that a revision is judged by, and how many times its weight was allowed to grow. */
export type Stage = { rollout: string; opened: number };

/** Something that a delivery tool told of. `at` is the tool's own time. */
export type DeliveryEvent = {
  project: string;
  gate: string;
  source: "flagger";
  subject: string;
  kind: string;
  message: string;
  at: Date;
};

/** What is remembered of canaries that Flagger steers: its requests name no weight. */
export interface StageBook {
  find(revision: CanaryRevision): Promise<Stage | null>;
  /** Whether a rollout judges some revision of a canary already. */
  isTaken(revision: CanaryRevision, rollout: string): Promise<boolean>;
  /** Has a rollout judge a revision; null where it judges another one of this canary. */
  bind(revision: CanaryRevision, rollout: string, now: Date): Promise<Stage | null>;
  /** Counts one more stage; false where somebody else did meanwhile. */
  open(revision: CanaryRevision, opened: number): Promise<boolean>;
  /** Counts anew: the revision's weight is 0. */
  reset(revision: CanaryRevision): Promise<void>;
  note(event: DeliveryEvent): Promise<void>;
}
