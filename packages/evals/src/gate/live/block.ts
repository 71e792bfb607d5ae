import type { Tally } from "@signalbox/model";

export const NO_TALLY: Tally = { n: 0, sum: 0, sumSquares: 0 };

export const addTallies = (one: Tally, other: Tally): Tally => ({
  n: one.n + other.n,
  sum: one.sum + other.sum,
  sumSquares: one.sumSquares + other.sumSquares,
});

/** Fewer units make no block: of small ones too many have nobody in one of their arms, and tell nothing. */
const UNITS_MIN = 8;

/** How many units make a block: enough that about one of them is in the smaller arm. `share` is the candidate's. */
export function blockUnits(share: number): number {
  const smaller = Math.min(share, 1 - share);
  return smaller <= 0 ? UNITS_MIN : Math.max(UNITS_MIN, Math.ceil(1 / smaller));
}
