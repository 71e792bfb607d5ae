import type { OfflinePolicy } from "@signalbox/model";
import { itemsNeeded, normalPower } from "../../statistics/paired/power.ts";

/** The assumed share of items on which two equal runs of an agent disagree, where it was not measured. */
const DISCORDANCE_ASSUMED = 0.2;
const POWER_WANTED = 0.8;

/** A remark on a policy that is valid but will not work well: the policy's member, and the text. */
export interface PolicyAdvice {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

/**
 * Remarks where the policy's minimum number of items cannot show what it asks for, even if the
 * candidate is truly equal. For pass/fail metrics only: the variance of scores is not known beforehand.
 */
export function policyAdvice({ minItems, metrics }: OfflinePolicy): PolicyAdvice[] {
  return metrics.flatMap(({ kind, name, nonInferiorityMargin, alpha }, index) => {
    if (kind !== "binary" || nonInferiorityMargin === undefined) return [];
    const passes = normalPower(nonInferiorityMargin, Math.sqrt(DISCORDANCE_ASSUMED / minItems), alpha);
    if (passes >= POWER_WANTED) return [];
    const variances = { between: DISCORDANCE_ASSUMED, withinBaseline: 0, withinCandidate: 0, repeatsBaseline: 1, repeatsCandidate: 1 };
    const needed = itemsNeeded(nonInferiorityMargin, variances, { alpha, power: POWER_WANTED });
    const what =
      `with ${minItems} items ${name} passes an equal candidate ${Math.round(100 * passes)} % of the time and is inconclusive otherwise ` +
      `(if runs disagree on a fifth of the items); 80 % take about ${needed} items`;
    return [{ path: ["spec", "offline", "metrics", index, "nonInferiorityMargin"], what }];
  });
}
