import type { Random } from "@signalbox/model";
import { clusterMembers } from "../estimates/clusteredMean.ts";
import { seededRandom } from "../seededRandom.ts";

/** The parameters of a bootstrap. The same seed draws the same resamples. */
export interface Resampling {
  readonly resamples: number;
  readonly seed: number;
}

/** The means of resamples, ascending. */
export type ResampledMeans = Float64Array;

function meansOfValues(values: Float64Array, resamples: number, random: Random): Float64Array {
  const count = values.length;
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample += 1) {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += values[(random() * count) | 0] as number;
    means[resample] = sum / count;
  }
  return means;
}

/** Whole clusters are drawn, as many as there are; the mean is over all values drawn, however many. */
function meansOfClusters(values: readonly number[], groups: readonly number[][], resamples: number, random: Random): Float64Array {
  const sums = groups.map((group) => group.reduce((sum, index) => sum + (values[index] as number), 0));
  return new Float64Array(resamples).map(() => {
    let [sum, count] = [0, 0];
    for (let draw = 0; draw < groups.length; draw += 1) {
      const drawn = (random() * groups.length) | 0;
      sum += sums[drawn] as number;
      count += (groups[drawn] as number[]).length;
    }
    return sum / count;
  });
}

/**
 * The means of `resamples` samples drawn with replacement (Efron, 1979) from paired
 * differences: whole clusters where items are dependent. At least one difference.
 */
export function resampledMeans(
  differences: readonly number[],
  { resamples, seed }: Resampling,
  clusters?: readonly (string | undefined)[],
): ResampledMeans {
  const random = seededRandom(seed);
  const means =
    clusters === undefined
      ? meansOfValues(Float64Array.from(differences), resamples, random)
      : meansOfClusters(differences, clusterMembers(clusters), resamples, random);
  return means.sort();
}

/** The percentile interval: each end errs with a probability of about 1 - `confidence`. */
export function percentileInterval(means: ResampledMeans, confidence: number): { lower: number; upper: number } {
  const skipped = Math.min(means.length - 1, Math.floor((1 - confidence) * (means.length + 1)) - 1);
  const index = Math.max(0, skipped);
  return { lower: means[index] as number, upper: means[means.length - 1 - index] as number };
}

/**
 * p-values that agree with the percentile interval: (1 + the number of resamples on
 * the other side of `bound`) / (resamples + 1). `above` is against "at most `bound`".
 */
export function resampledPValues(means: ResampledMeans, bound: number): { above: number; below: number } {
  const atMost = means.reduce((count, mean) => count + (mean <= bound ? 1 : 0), 0);
  const atLeast = means.reduce((count, mean) => count + (mean >= bound ? 1 : 0), 0);
  return { above: (1 + atMost) / (means.length + 1), below: (1 + atLeast) / (means.length + 1) };
}
