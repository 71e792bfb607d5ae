/**
 * The capitals of bettors who began with 1 each and bet with different boldness against a hypothesis. Their mean
 * is an e-value: while the hypothesis holds, the probability that it ever reaches 1/α is at most α, however
 * often anyone looks (Ville). It is made of products and sums alone, so it is bit-identical on every machine.
 */
export type Capitals = readonly number[];

/** Capitals are capped: giving away winnings leaves an e-value an e-value, and JSON has no infinity. */
export const CAPITAL_MAX = 1e300;

export const startCapitals = (bettors: number): Capitals => Array.from({ length: bettors }, () => 1);

/** The e-value against a hypothesis: the mean of its bettors' capitals. */
export function eValueOf(capitals: Capitals): number {
  let sum = 0;
  for (const capital of capitals) sum += capital / capitals.length;
  return sum;
}
