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
 * News about a unit at a time (the store's, milliseconds): a metric's value in its own units (for
 * a counting metric, above 0 is an event and 0 is none), or that the unit became a dead letter.
 */
export type UnitEvent =
  | { readonly kind: "value"; readonly unit: string; readonly metric: string; readonly value: number; readonly at: number }
  | { readonly kind: "dead"; readonly unit: string; readonly at: number };
