import type { OfflinePolicy } from "@signalbox/model";
import type { Comparison } from "../../compare/compareRuns.ts";
import { type ScoredRun, trialsByItem } from "../../compare/scoredRun.ts";
import { isOfDataset } from "./isOfDataset.ts";
import type { GateRun } from "./offlineEvidence.ts";

/** Why two runs cannot be compared at all under a policy; undefined where they can. What a run does not say of its dataset is not held against it. */
export function whyIncomparable(policy: OfflinePolicy, candidate: GateRun, baseline: GateRun | null): string | undefined {
  if (baseline === null) return "There is no baseline to compare with.";
  for (const { name, dataset } of [baseline, candidate]) {
    if (dataset.name !== null && !isOfDataset(policy.dataset, dataset.name))
      return `${name} is a run of ${dataset.name}, and the policy is about ${policy.dataset}.`;
  }
  const [before, after] = [baseline.dataset.hash, candidate.dataset.hash];
  if (before !== null && after !== null && before !== after)
    return `The dataset of ${candidate.name} is not that of ${baseline.name}: their items have different hashes.`;
  return undefined;
}

/** The fewest trials that an item of a run has. */
function repeatsOf(run: ScoredRun): number {
  return Math.min(...[...trialsByItem(run).values()].map((trials) => trials.length));
}

/** Why runs that can be compared are not enough for a verdict; undefined where they are. */
export function whyShort(policy: OfflinePolicy, candidate: GateRun, baseline: GateRun, items: Comparison["items"]): string | undefined {
  if (items.shared < policy.minItems) return `The runs share ${items.shared} items, and the policy asks for ${policy.minItems}.`;
  if (items.onlyBaseline > 0)
    return `${candidate.name} lacks ${items.onlyBaseline} items of ${baseline.name}: a candidate that leaves items out cannot pass.`;
  for (const run of [baseline, candidate]) {
    if (policy.clusterBy !== undefined && !run.trials.some(({ item, cluster }) => cluster !== undefined && cluster !== item))
      return `${run.name} does not say which items share a ${policy.clusterBy}: they would count as more evidence than they are.`;
    const repeats = repeatsOf(run);
    if (repeats < policy.repeats) return `${run.name} has items with ${repeats} of the ${policy.repeats} repeats that the policy asks for.`;
  }
  return undefined;
}
