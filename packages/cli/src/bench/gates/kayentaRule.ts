import { mannWhitneyShift } from "./mannWhitney.ts";
import type { MinuteCounts } from "./minuteCounts.ts";
import { MINUTES } from "./world.ts";

/**
 * The settings of Kayenta's judge: its confidence, the share of the estimated
 * shift that its interval must exceed, and the smallest number of data points.
 */
const CONFIDENCE = 0.98;
const TOLERANCE = 0.25;
const BUCKETS_MIN = 10;

/**
 * The minute at which Kayenta's metric is "Low", judged every minute on success rates
 * by the minute (NetflixACAJudge, MannWhitneyClassifier); null where it never is.
 */
export function kayentaRollsBackAt(counts: MinuteCounts): number | null {
  const candidate = new Float64Array(MINUTES);
  const stable = new Float64Array(MINUTES);
  let buckets = 0;
  let [candidateSum, stableSum] = [0, 0];
  for (let minute = 0; minute < MINUTES; minute += 1) {
    // Minutes without data are left out: nanStrategy "remove".
    if (counts.candidate[minute] === 0 || counts.stable[minute] === 0) continue;
    candidateSum += candidate[buckets] = (counts.candidateSuccesses[minute] as number) / (counts.candidate[minute] as number);
    stableSum += stable[buckets] = (counts.stableSuccesses[minute] as number) / (counts.stable[minute] as number);
    buckets += 1;
    // Sorting all differences is expensive, and where the candidate's mean is higher, nearly all of them cannot be negative.
    if (buckets < BUCKETS_MIN || candidateSum >= stableSum) continue;
    const { estimate, upper } = mannWhitneyShift(candidate.subarray(0, buckets), stable.subarray(0, buckets), CONFIDENCE);
    if (estimate < 0 && upper < -TOLERANCE * Math.abs(estimate)) return minute;
  }
  return null;
}
