import { percentileInterval, resampledMeans, resampledPValues } from "../../statistics/paired/pairedBootstrap.ts";
import type { DifferenceTest } from "./evidence.ts";
import { pairedTTest } from "./pairedTTest.ts";

/** The paired bootstrap of the mean gain: resamples items, or whole clusters. */
export const bootstrapTest: DifferenceTest = {
  name: "paired-bootstrap",
  weigh(pairs, plan, resampling) {
    if (pairs.gains.every((gain) => gain === pairs.gains[0])) return pairedTTest.weigh(pairs, plan, resampling);
    const means = resampledMeans(pairs.gains, resampling, pairs.clusters);
    const { above, below } = resampledPValues(means, 0);
    return { pWorse: below, pBetter: above, ...percentileInterval(means, 1 - plan.alpha) };
  },
  minimumDetectable: pairedTTest.minimumDetectable,
};
