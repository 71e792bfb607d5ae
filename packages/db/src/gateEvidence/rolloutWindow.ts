/** The time from which a step of a rollout and a weight of its candidate (percent) were in force. */
export interface WeightInForce {
  readonly from: Date;
  readonly step: number;
  readonly weight: number;
}

/**
 * A rollout and a time range by the store's clock: from `since` to before `until`. `weights` are all that it had, oldest first. Tasks that
 * began in the last seconds may not be on record yet: choose `until` that long ago, so that a later reading finds nothing new before it.
 */
export interface RolloutWindow {
  readonly project: string;
  readonly stable: string;
  readonly candidate: string;
  readonly since: Date;
  readonly until: Date;
  readonly weights: readonly WeightInForce[];
}
