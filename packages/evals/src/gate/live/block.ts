import type { Tally } from "@signalbox/model";

export const NO_TALLY: Tally = { n: 0, sum: 0, sumSquares: 0 };

export const addTallies = (one: Tally, other: Tally): Tally => ({
  n: one.n + other.n,
  sum: one.sum + other.sum,
  sumSquares: one.sumSquares + other.sumSquares,
});

/** The smallest block: in smaller ones an arm is too often empty, which tells nothing. */
const UNITS_MIN = 8;

/** The number of units in a block: enough for about one of them in the smaller arm. `share` is the candidate's. */
export function blockUnits(share: number): number {
  const smaller = Math.min(share, 1 - share);
  return smaller <= 0 ? UNITS_MIN : Math.max(UNITS_MIN, Math.ceil(1 / smaller));
}
