/**
 * The lowest threshold with at least this share of the confidences below it: halfway to the next
 * higher confidence, or to 1 where there is none. `confidences` is not empty; `share` is from 0 to 1.
 */
export function thresholdAbove(confidences: readonly number[], share: number): number {
  const sorted = confidences.toSorted((a, b) => a - b);
  const below = Math.ceil(share * sorted.length);
  if (below === 0) return 0;
  const last = sorted[below - 1] as number;
  const next = sorted.find((confidence) => confidence > last) ?? 1;
  return (last + next) / 2;
}
