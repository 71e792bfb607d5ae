import type { OfflinePolicy } from "@signalbox/model";
import type { Comparison } from "../../compare/compareRuns.ts";
import { type ScoredRun, trialsByItem } from "../../compare/scoredRun.ts";
import { isOfDataset } from "./isOfDataset.ts";
import type { GateRun, RunDataset } from "./offlineEvidence.ts";

/** Whether two runs used the same items: by their hash, or where a run lacks one, by name and version. */
function isSameDataset(one: RunDataset, other: RunDataset): boolean {
  return one.hash === null || other.hash === null ? one.name === other.name : one.hash === other.hash;
}

/** Why two runs cannot be compared at all under a policy; undefined where they can. A run that does not name its dataset is not trusted. */
export function whyIncomparable(policy: OfflinePolicy, candidate: GateRun, baseline: GateRun | null): string | undefined {
  if (baseline === null) return "There is no baseline to compare with.";
  for (const { name, dataset } of [baseline, candidate]) {
    if (dataset.name === null) return `${name} does not say which dataset it is a run of; the first line of a result file does.`;
    if (!isOfDataset(policy.dataset, dataset.name))
      return `${name} is a run of ${dataset.name}, and the policy is about ${policy.dataset}.`;
  }
  if (isSameDataset(baseline.dataset, candidate.dataset)) return undefined;
  return `The dataset of ${candidate.name} is not that of ${baseline.name}: their items have different hashes, or are of different versions.`;
}

/** The smallest number of trials of an item of a run. */
function repeatsOf(run: ScoredRun): number {
  return trialsByItem(run)
    .values()
    .reduce((fewest, trials) => Math.min(fewest, trials.length), Number.POSITIVE_INFINITY);
}

/**
 * Why the intervals of two runs would overstate the evidence: items with a
 * shared key count as one cluster, and a run does not say which share it.
 */
function whyUnclustered({ clusterBy }: OfflinePolicy, candidate: GateRun, baseline: GateRun): string | undefined {
  const key = clusterBy?.replace(/^metadata\./, "");
  for (const { name, unitKey } of [baseline, candidate]) {
    if (key !== undefined && unitKey !== key)
      return `${name} does not say which items share a ${clusterBy} (eval run --unit ${key}): they would count as more evidence than they are.`;
  }
  const [before, after] = [baseline, candidate].map(({ unitKey }) => unitKey ?? "item");
  return before === after
    ? undefined
    : `${baseline.name} counts by ${before} and ${candidate.name} by ${after}: both need the same --unit.`;
}

/** Why comparable runs are not enough for a verdict; undefined where they are. */
export function whyShort(policy: OfflinePolicy, candidate: GateRun, baseline: GateRun, items: Comparison["items"]): string | undefined {
  if (items.shared < policy.minItems) return `The runs share ${items.shared} items, and the policy asks for ${policy.minItems}.`;
  if (items.onlyBaseline > 0)
    return `${candidate.name} lacks ${items.onlyBaseline} items of ${baseline.name}: a candidate that leaves items out cannot pass.`;
  const unclustered = whyUnclustered(policy, candidate, baseline);
  if (unclustered !== undefined) return unclustered;
  for (const run of [baseline, candidate]) {
    const repeats = repeatsOf(run);
    if (repeats < policy.repeats) return `${run.name} has items with ${repeats} of the ${policy.repeats} repeats that the policy asks for.`;
  }
  return undefined;
}
