import { clusterMembers } from "../../statistics/estimates/clusteredMean.ts";
import { signFlip } from "../../statistics/paired/signFlip.ts";
import type { DifferenceTest } from "./evidence.ts";
import { pairedTTest } from "./pairedTTest.ts";

/** For few items or clusters, where a bootstrap is too narrow: the sign-flip permutation test, with the interval of Student's t. */
export const signFlipTest: DifferenceTest = {
  name: "sign-flip",
  weigh(pairs, plan, resampling) {
    const { gains, clusters } = pairs;
    const sums =
      clusters === undefined
        ? gains
        : clusterMembers(clusters).map((members) => members.reduce((sum, index) => sum + (gains[index] as number), 0));
    const { lower, upper } = pairedTTest.weigh(pairs, plan, resampling);
    return { ...signFlip(sums, resampling), lower, upper };
  },
  minimumDetectable: pairedTTest.minimumDetectable,
};
