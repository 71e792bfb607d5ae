/** A revision of a Flagger Canary at a gate: `canary` is `namespace/name`, `checksum` identifies the revision. */
export type CanaryRevision = { project: string; gate: string; canary: string; checksum: string };

/** The rollout that judges a revision, and how often the revision's weight was allowed to grow. */
export type Stage = { rollout: string; opened: number };

/** An event reported by a delivery tool. `at` is the tool's own time. */
export type DeliveryEvent = {
  project: string;
  gate: string;
  source: "flagger";
  subject: string;
  kind: string;
  message: string;
  at: Date;
};

/** A record of the stages of Flagger's canaries, needed because its requests carry no weight. */
export interface StageBook {
  find(revision: CanaryRevision): Promise<Stage | null>;
  /** Whether a rollout already judges some revision of a canary. */
  isTaken(revision: CanaryRevision, rollout: string): Promise<boolean>;
  /** Binds a rollout to a revision; null if it is bound to another one of this canary. */
  bind(revision: CanaryRevision, rollout: string, now: Date): Promise<Stage | null>;
  /** Records one more stage; false if another request has done so meanwhile. */
  open(revision: CanaryRevision, opened: number): Promise<boolean>;
  /** Restarts the count: the revision's weight is 0. */
  reset(revision: CanaryRevision): Promise<void>;
  note(event: DeliveryEvent): Promise<void>;
}
