import { mcNemar } from "../../statistics/paired/mcNemar.ts";
import { mcNemarPower } from "../../statistics/paired/mcNemarPower.ts";
import { pairedProportionsInterval } from "../../statistics/paired/pairedProportions.ts";
import { detectableBy, minimumDetectable } from "../../statistics/paired/power.ts";
import type { DifferenceTest } from "./evidence.ts";

/** Beyond this the exact power takes long, and the normal formula gives the same. */
const EXACT_POWER_MAX = 5_000;

function discordance(gains: readonly number[]) {
  return { worse: gains.filter((gain) => gain < 0).length, better: gains.filter((gain) => gain > 0).length, items: gains.length };
}

/** McNemar's exact test, with Tango's score interval. */
export const mcNemarTest: DifferenceTest = {
  name: "mcnemar",
  weigh({ gains }, { alpha }) {
    const pairs = discordance(gains);
    const { pWorse, pBetter } = mcNemar(pairs);
    return { pWorse, pBetter, ...pairedProportionsInterval(pairs, 1 - alpha) };
  },
  minimumDetectable({ gains }, { alpha }, power) {
    const { worse, better, items } = discordance(gains);
    const share = (worse + better) / items;
    if (items > EXACT_POWER_MAX) return minimumDetectable(Math.sqrt(Math.max(share, 1 / items) / items), { alpha, power });
    return detectableBy((drop) => mcNemarPower(items, Math.max(share, drop), drop, alpha), power, 1);
  },
};
