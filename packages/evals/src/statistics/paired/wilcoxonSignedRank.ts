import { normalCdf } from "../distributions/normal.ts";

/** Up to this size, and without ties, every sign pattern is counted. */
const EXACT_MAX = 50;

/** Wilcoxon's signed rank test. `rankSum` is W+, of the positive differences. */
export interface WilcoxonSignedRank {
  readonly rankSum: number;
  readonly pWorse: number;
  readonly pBetter: number;
  readonly pTwoSided: number;
  readonly isExact: boolean;
}

/** Mid-ranks of sizes, and Σ(t³ - t) over the groups of ties. */
function ranksOf(sizes: readonly number[]): { ranks: Float64Array; ties: number } {
  const order = Uint32Array.from(sizes.keys()).sort((left, right) => (sizes[left] as number) - (sizes[right] as number));
  const ranks = new Float64Array(sizes.length);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && sizes[order[to] as number] === sizes[order[from] as number]) to += 1;
    for (let at = from; at < to; at += 1) ranks[order[at] as number] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/** Pr(W+ = s) for s = 0 … n(n + 1)/2 under no difference, by adding one rank at a time. */
function rankSumWeights(count: number): Float64Array {
  const weights = new Float64Array((count * (count + 1)) / 2 + 1);
  weights[0] = 1;
  for (let rank = 1; rank <= count; rank += 1) {
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum -= 1) {
      weights[sum] = ((weights[sum] as number) + (sum >= rank ? (weights[sum - rank] as number) : 0)) / 2;
    }
  }
  return weights;
}

/** Pr(W+ ≤ rankSum), and Pr(W+ ≥ rankSum). */
function exactTails(rankSum: number, count: number): { lower: number; upper: number } {
  const weights = rankSumWeights(count);
  const sum = (part: Float64Array): number => part.reduce((total, weight) => total + weight, 0);
  return { lower: sum(weights.subarray(0, rankSum + 1)), upper: sum(weights.subarray(rankSum)) };
}

/** Both tails by the normal approximation with continuity correction, its variance reduced for ties. */
function approximateTails(rankSum: number, count: number, ties: number): { lower: number; upper: number } {
  const mean = (count * (count + 1)) / 4;
  const deviation = Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24 - ties / 48);
  return { lower: normalCdf((rankSum + 0.5 - mean) / deviation), upper: normalCdf((mean - rankSum + 0.5) / deviation) };
}

/**
 * Wilcoxon's signed rank test (1945) of paired differences (candidate minus baseline, larger is better): zeros are dropped,
 * ties share ranks. Exact up to 50 differences without ties, else by the normal approximation (Hollander and Wolfe,
 * "Nonparametric Statistical Methods", section 3.1). It tests the pseudo-median, not the mean. Nothing but zeros: every p is 1.
 */
export function wilcoxonSignedRank(differences: readonly number[]): WilcoxonSignedRank {
  const nonZero = differences.filter((difference) => difference !== 0);
  if (nonZero.length === 0) return { rankSum: 0, pWorse: 1, pBetter: 1, pTwoSided: 1, isExact: true };

  const { ranks, ties } = ranksOf(nonZero.map(Math.abs));
  const rankSum = nonZero.reduce((sum, difference, index) => (difference > 0 ? sum + (ranks[index] as number) : sum), 0);
  const isExact = ties === 0 && nonZero.length <= EXACT_MAX;
  const { lower, upper } = isExact ? exactTails(rankSum, nonZero.length) : approximateTails(rankSum, nonZero.length, ties);
  const [pWorse, pBetter] = [Math.min(1, lower), Math.min(1, upper)];
  return { rankSum, pWorse, pBetter, pTwoSided: Math.min(1, 2 * Math.min(pWorse, pBetter)), isExact };
}
