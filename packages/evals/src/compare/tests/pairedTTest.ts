import { studentQuantile, studentTail } from "../../statistics/distributions/studentT.ts";
import { clusteredMean } from "../../statistics/estimates/clusteredMean.ts";
import { minimumDetectable } from "../../statistics/paired/power.ts";
import type { DifferenceTest } from "./evidence.ts";
import { spreadOfNothing } from "./spreadOfNothing.ts";

/** Student's t of the mean gain, with clustered standard errors where items share a cluster. */
export const pairedTTest: DifferenceTest = {
  name: "paired-t",
  weigh(pairs, plan) {
    const { mean, standardError, degrees } = clusteredMean(pairs.gains, pairs.clusters);
    if (degrees < 1) return { pWorse: 1, pBetter: 1, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
    const reach = standardError === 0 ? spreadOfNothing(pairs, plan) : studentQuantile(1 - plan.alpha, degrees) * standardError;
    const t = mean / standardError;
    return {
      pWorse: mean === 0 ? 1 : studentTail(-t, degrees),
      pBetter: mean === 0 ? 1 : studentTail(t, degrees),
      lower: mean - reach,
      upper: mean + reach,
    };
  },
  minimumDetectable(pairs, plan, power) {
    const { standardError, degrees } = clusteredMean(pairs.gains, pairs.clusters);
    if (degrees < 1) return Number.POSITIVE_INFINITY;
    return standardError === 0 ? spreadOfNothing(pairs, plan) : minimumDetectable(standardError, { alpha: plan.alpha, power });
  },
};
