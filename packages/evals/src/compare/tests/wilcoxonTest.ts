import { wilcoxonSignedRank } from "../../statistics/paired/wilcoxonSignedRank.ts";
import type { DifferenceTest } from "./evidence.ts";
import { pairedTTest } from "./pairedTTest.ts";

/** Wilcoxon's signed ranks, which test the pseudo-median; the interval is Student's, for the mean. */
export const wilcoxonTest: DifferenceTest = {
  name: "wilcoxon",
  weigh(pairs, plan, resampling) {
    const { pWorse, pBetter } = wilcoxonSignedRank(pairs.gains);
    const { lower, upper } = pairedTTest.weigh(pairs, plan, resampling);
    return { pWorse, pBetter, lower, upper };
  },
  minimumDetectable: pairedTTest.minimumDetectable,
};
