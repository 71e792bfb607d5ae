import { holm } from "../../statistics/paired/corrections.ts";
import { wilcoxonSignedRank } from "../../statistics/paired/wilcoxonSignedRank.ts";

/** Two series of one metric by time bucket, NaN where nothing was measured. `harm` says which change is harmful. */
export type SeriesPair = { stable: readonly number[]; candidate: readonly number[]; harm: "increase" | "decrease" | "either" };

/**
 * The finding on a pair of series. `high` and `low`: the candidate is shown to be
 * above or below, which is harmful. `pairs` is the number of buckets that both have.
 */
export type SeriesFinding = {
  kind: "pass" | "high" | "low" | "nodata";
  pairs: number;
  pValue: number | null;
  medianDifference: number | null;
};

/**
 * Compares series of time buckets. Pure: Wilcoxon's signed rank test on the differences within each bucket, so that drift
 * common to both does not count, one-sided where one direction is harmful; over all metrics at most `alpha` of equal ones
 * are called harmful (Holm). Too few buckets to find anything are reported as such, not as a pass. Limits: buckets are taken
 * for independent, and a series judged repeatedly is found to differ more often; a gate on live units has neither flaw.
 */
export function judgeSeries(pairs: readonly SeriesPair[], alpha: number): SeriesFinding[] {
  const pairsMin = Math.ceil(Math.log2(Math.max(1, pairs.length) / alpha));
  const tested = pairs.map(({ stable, candidate, harm }) => {
    const differences = candidate.map((value, bucket) => value - (stable[bucket] ?? Number.NaN)).filter(Number.isFinite);
    if (differences.length < pairsMin + Number(harm === "either")) return { differences, harm, high: false, pValue: null };
    const { pWorse, pBetter, pTwoSided } = wilcoxonSignedRank(differences);
    const pValue = harm === "increase" ? pBetter : harm === "decrease" ? pWorse : pTwoSided;
    return { differences, harm, high: pBetter < pWorse, pValue };
  });
  const corrected = holm(tested.flatMap(({ pValue }) => (pValue === null ? [] : [pValue])));
  let next = 0;
  return tested.map(({ differences, high, pValue }) => {
    const known = { pairs: differences.length, medianDifference: medianOf(differences) };
    if (pValue === null) return { kind: "nodata", ...known, pValue: null };
    const shown = corrected[next] ?? 1;
    next += 1;
    return { kind: shown > alpha ? "pass" : high ? "high" : "low", ...known, pValue: shown };
  });
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [lower, upper] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
