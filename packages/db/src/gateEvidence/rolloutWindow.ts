/** From when on which step of a rollout, and which weight of its candidate (percent), was in force. */
export interface WeightInForce {
  readonly from: Date;
  readonly step: number;
  readonly weight: number;
}

/**
 * A rollout and the time that is looked at, by the store's clock: from `since` to before `until`.
 * `weights` are those that it had, the oldest first. What tasks began some seconds ago may not be
 * on record yet: let `until` be that long ago, so that a later reading finds no more before it.
 */
export interface RolloutWindow {
  readonly project: string;
  readonly stable: string;
  readonly candidate: string;
  readonly since: Date;
  readonly until: Date;
  readonly weights: readonly WeightInForce[];
}
