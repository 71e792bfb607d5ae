import { seededRandom } from "../seededRandom.ts";
import type { Resampling } from "./pairedBootstrap.ts";

/**
 * The sign-flip permutation test of paired differences that are symmetric about zero under no difference: p = (1 + the number of flips
 * that reach the observed sum) / (flips + 1) (Phipson and Smyth, 2010). For few items, where a bootstrap interval is too narrow.
 */
export function signFlip(differences: readonly number[], { resamples, seed }: Resampling): { pWorse: number; pBetter: number } {
  const random = seededRandom(seed);
  const observed = differences.reduce((sum, difference) => sum + difference, 0);
  // Sums of the same numbers in another order differ in their last digits: equal ones have to count.
  const slack = 1e-12 * differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  let [low, high] = [0, 0];
  for (let flip = 0; flip < resamples; flip += 1) {
    let sum = 0;
    for (const difference of differences) sum += random() < 0.5 ? difference : -difference;
    if (sum <= observed + slack) low += 1;
    if (sum >= observed - slack) high += 1;
  }
  return { pWorse: (1 + low) / (resamples + 1), pBetter: (1 + high) / (resamples + 1) };
}
