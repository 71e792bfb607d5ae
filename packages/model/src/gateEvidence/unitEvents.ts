/**
 * The assignment of a unit to an arm at a step, at which `share` of the units go to the
 * candidate. `at` is the store's time (milliseconds), written before the agent runs.
 */
export interface Exposure {
  readonly unit: string;
  readonly arm: "candidate" | "stable";
  readonly step: number;
  readonly share: number;
  readonly at: number;
}

/**
 * Something became known of a unit at a time (the store's, milliseconds): a metric's value in its
 * own units (of one that counts: anything above 0 is an event, 0 says that there was none), or that the unit is a dead letter.
 * A metric of latency has with it how long the unit's longest task took (`tookMs`), once all of them have ended.
 */
export type UnitEvent =
  | {
      readonly kind: "value";
      readonly unit: string;
      readonly metric: string;
      readonly value: number;
      readonly at: number;
      readonly tookMs?: number;
    }
  | { readonly kind: "dead"; readonly unit: string; readonly at: number };
