import { correctJudge } from "../calibration/calibrateJudge.ts";
import { seededRandom, seedOf } from "../statistics/seededRandom.ts";
import { isAtLeast } from "./withinErrors.ts";

/** A world with a lenient judge: people pass 70 % of the items, the judge 80 %. */
const TRUTH = 0.7;
const PASSES_GOOD = 0.95;
const PASSES_BAD = 0.45;

/** The numbers of judged items without a label, and with one. */
const UNLABELLED = 2_000;
const LABELLED = 200;

/**
 * The results of correcting a biased judge, over simulations. `coverage`:
 * the share of intervals that contain the truth, claimed to be `level`.
 */
export interface JudgeFigures {
  readonly truth: number;
  readonly rawMean: number;
  readonly poweredMean: number;
  readonly level: number;
  readonly coverage: number;
  /** The coverage of the interval from the raw rate alone, as if the judge were right. */
  readonly rawCoverage: number;
  readonly byErrorsCoverage: number;
  readonly holds: boolean;
}

/** Simulates judged runs with a bias of ten points, and counts how often the corrected estimate's interval contains the truth. */
export function simulateJudge({ sims, seed }: { sims: number; seed: number }): JudgeFigures {
  const confidence = 0.975;
  const sums = { raw: 0, powered: 0, covered: 0, rawCovered: 0, byErrors: 0 };
  for (let sim = 0; sim < sims; sim += 1) {
    const random = seededRandom(seedOf(seed, sim, 77));
    const draw = () => {
      const person = random() < TRUTH;
      return { person, judge: random() < (person ? PASSES_GOOD : PASSES_BAD) };
    };
    const labels = Array.from({ length: LABELLED }, draw);
    const unlabelled = Array.from({ length: UNLABELLED }, () => draw().judge);
    const { raw, powered, byErrors } = correctJudge(unlabelled, labels, { confidence });
    const rawReach = 1.96 * Math.sqrt((raw * (1 - raw)) / (LABELLED + UNLABELLED));
    sums.raw += raw;
    sums.powered += powered.estimate;
    if (powered.lower <= TRUTH && TRUTH <= powered.upper) sums.covered += 1;
    if (Math.abs(raw - TRUTH) <= rawReach) sums.rawCovered += 1;
    if (byErrors !== null && byErrors.lower <= TRUTH && TRUTH <= byErrors.upper) sums.byErrors += 1;
  }
  const level = 2 * confidence - 1;
  return {
    ...{ truth: TRUTH, level, rawMean: sums.raw / sims, poweredMean: sums.powered / sims, coverage: sums.covered / sims },
    rawCoverage: sums.rawCovered / sims,
    byErrorsCoverage: sums.byErrors / sims,
    holds: isAtLeast(sums.covered, sims, level),
  };
}
