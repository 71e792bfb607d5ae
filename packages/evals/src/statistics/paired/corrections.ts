/** The running extreme of p-values in the order given, returned in their original order, at most 1. */
function inOrder(
  pValues: readonly number[],
  order: readonly number[],
  scaled: (p: number, place: number) => number,
  extreme: typeof Math.max,
): number[] {
  const adjusted = new Array<number>(pValues.length).fill(1);
  let reached: number | undefined;
  for (const [place, index] of order.entries()) {
    const value = Math.min(1, scaled(pValues[index] as number, place));
    reached = reached === undefined ? value : extreme(reached, value);
    adjusted[index] = reached;
  }
  return adjusted;
}

const byValue = (pValues: readonly number[]): number[] =>
  [...pValues.keys()].sort((left, right) => (pValues[left] as number) - (pValues[right] as number));

/**
 * Holm's step-down adjustment (1979): rejecting adjusted values up to alpha makes any false
 * rejection with a probability of at most alpha, under any dependence. In the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  return inOrder(pValues, byValue(pValues), (p, place) => p * (pValues.length - place), Math.max);
}

/**
 * Benjamini and Hochberg's step-up adjustment (1995): rejecting adjusted values up
 * to q has an expected share of false rejections of at most q. In the order given.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const count = pValues.length;
  return inOrder(pValues, byValue(pValues).reverse(), (p, place) => (p * count) / (count - place), Math.min);
}
