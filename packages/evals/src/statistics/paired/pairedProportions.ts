import { halved } from "../distributions/halved.ts";
import { normalCdf, normalQuantile } from "../distributions/normal.ts";
import type { Discordance } from "./mcNemar.ts";

/** Paired passes and failures: the numbers of items on which the runs disagree, and of all items. */
export interface PairedProportions extends Discordance {
  readonly items: number;
}

/**
 * The distance of the observed difference of pass rates above a hypothesised one,
 * in standard errors under that hypothesis (constrained maximum likelihood).
 */
function scoreStatistic({ worse, better, items }: PairedProportions, supposed: number): number {
  const linear = (2 * items - better + worse) * supposed - better - worse;
  const constant = -worse * supposed * (1 - supposed);
  const rateOfWorse = (Math.sqrt(Math.max(0, linear * linear - 8 * items * constant)) - linear) / (4 * items);
  const variance = items * (2 * rateOfWorse + supposed * (1 - supposed));
  const distance = better - worse - items * supposed;
  return variance <= 0 ? Math.sign(distance) * Number.POSITIVE_INFINITY || 0 : distance / Math.sqrt(variance);
}

/**
 * The score interval for the difference of two pass rates on the same items, candidate minus baseline (Tango, "Equivalence test and
 * confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine 17, 1998). Valid for
 * few items, and where the runs agree on all of them. Each end errs with a probability of about 1 - `confidence`. At least one item.
 */
export function pairedProportionsInterval(pairs: PairedProportions, confidence: number): { lower: number; upper: number } {
  const z = normalQuantile(confidence);
  return {
    lower: halved(-1, 1, (supposed) => scoreStatistic(pairs, supposed) < z),
    upper: halved(-1, 1, (supposed) => scoreStatistic(pairs, supposed) < -z),
  };
}

/**
 * The p-value against "the candidate's pass rate is lower by `margin` or more":
 * a value of at most alpha shows non-inferiority. Agrees with the interval.
 */
export function pairedProportionsNonInferiority(pairs: PairedProportions, margin: number): number {
  return normalCdf(-scoreStatistic(pairs, -margin));
}
