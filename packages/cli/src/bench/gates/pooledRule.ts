import { asymptoticSequence } from "@signalbox/evals";
import { type MinuteCounts, sumOf } from "./minuteCounts.ts";
import { MINUTES } from "./world.ts";

/**
 * The number of sessions at which the confidence sequence is tightest, and
 * the candidate's number of sessions before which it is not looked at.
 */
const TIGHTEST_AFTER = 5_000;
const BURN_IN = 100;

/**
 * The minute at which a confidence sequence of the difference of all counts
 * so far lies below zero: it accounts for peeking, but not for the ramp.
 */
export function pooledRollsBackAt(counts: MinuteCounts, alpha: number): number | null {
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const [candidate, stable] = [sumOf(counts.candidate, 0, minute), sumOf(counts.stable, 0, minute)];
    if (candidate < BURN_IN) continue;
    const [p, q] = [sumOf(counts.candidateSuccesses, 0, minute) / candidate, sumOf(counts.stableSuccesses, 0, minute) / stable];
    const error = Math.sqrt((p * (1 - p)) / candidate + (q * (1 - q)) / stable);
    if (asymptoticSequence(p - q, error, candidate + stable, { alpha, tightestAfter: TIGHTEST_AFTER }).upper < 0) return minute;
  }
  return null;
}
