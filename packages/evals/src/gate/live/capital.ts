/**
 * What bettors own who began with 1 each and bet with different boldness against a hypothesis. Their mean is
 * an e-value: while the hypothesis holds, the probability that it ever reaches 1/α is at most α, however often
 * anyone looks (Ville). Products and sums alone make it, so it is the same to the last bit on every machine.
 */
export type Capitals = readonly number[];

/** More is not counted: giving away what was won leaves an e-value an e-value, and JSON has no infinity. */
export const CAPITAL_MAX = 1e300;

export const startCapitals = (bettors: number): Capitals => Array.from({ length: bettors }, () => 1);

/** The e-value of a hypothesis: the mean of what its bettors own. */
export function eValueOf(capitals: Capitals): number {
  let sum = 0;
  for (const capital of capitals) sum += capital / capitals.length;
  return sum;
}
