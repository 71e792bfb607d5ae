import type { PerArm } from "./arm.ts";

/** Goodness of some units (each in [0, 1]): how many, their sum, and the sum of their squares. */
export interface Tally {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

export const NO_TALLY: Tally = { n: 0, sum: 0, sumSquares: 0 };

export const addTallies = (one: Tally, other: Tally): Tally => ({
  n: one.n + other.n,
  sum: one.sum + other.sum,
  sumSquares: one.sumSquares + other.sumSquares,
});

/**
 * What a gate learns at a time: some units that came one after another, all of them settled, assigned at random with one and the same `share` (that of the candidate, in
 * (0, 1)). `step` is the rollout's, from 0. `means` has a tally for each metric that is a mean, `counts` the number of units with an event for each that counts.
 */
export interface Block {
  readonly step: number;
  readonly share: number;
  readonly units: PerArm<number>;
  readonly means: { readonly [metric: string]: PerArm<Tally> };
  readonly counts: { readonly [metric: string]: PerArm<number> };
}

/** Fewer units make no block: of small ones too many have nobody in one of their arms, and tell nothing. */
const UNITS_MIN = 8;

/** How many units make a block: enough that about one of them is in the smaller arm. `share` is the candidate's. */
export function blockUnits(share: number): number {
  const smaller = Math.min(share, 1 - share);
  return smaller <= 0 ? UNITS_MIN : Math.max(UNITS_MIN, Math.ceil(1 / smaller));
}
