import type { Block, PerArm } from "@signalbox/model";
import { betOnCounts, type CountEvidence, countEvents, NO_COUNT_EVIDENCE } from "./countEvidence.ts";
import { spanOf } from "./goodness.ts";
import { addLatencies, type Latencies, NO_LATENCIES } from "./latencies.ts";
import { isBreaker, isCount, isMean, type LivePolicy } from "./livePolicy.ts";
import { betOnBlock, countArms, type MeanEvidence, NO_MEAN_EVIDENCE } from "./meanEvidence.ts";
import { countSplit, type SampleRatio, startSampleRatio } from "./sampleRatio.ts";

/**
 * A gate's whole knowledge of a rollout, as JSON: the fold over its blocks.
 * `steps` has the units of each step of the policy, `units` those of all.
 */
export interface GateState {
  readonly blocks: number;
  readonly steps: readonly PerArm<number>[];
  readonly units: PerArm<number>;
  readonly split: SampleRatio;
  readonly means: { readonly [metric: string]: MeanEvidence };
  readonly counts: { readonly [metric: string]: CountEvidence };
  readonly latencies: PerArm<Latencies>;
}

const NO_UNITS: PerArm<number> = { candidate: 0, stable: 0 };

const addUnits = (one: PerArm<number>, other: PerArm<number>): PerArm<number> => ({
  candidate: one.candidate + other.candidate,
  stable: one.stable + other.stable,
});

/** The state before the first block. */
export function startGate(policy: LivePolicy): GateState {
  return {
    blocks: 0,
    steps: policy.steps.map(() => NO_UNITS),
    units: NO_UNITS,
    split: startSampleRatio((policy.steps[0]?.setWeight ?? 0) / 100),
    means: Object.fromEntries(policy.metrics.filter(isMean).map(({ name }) => [name, NO_MEAN_EVIDENCE])),
    counts: Object.fromEntries(policy.metrics.filter(isCount).map(({ name }) => [name, NO_COUNT_EVIDENCE])),
    latencies: NO_LATENCIES,
  };
}

/** Blocks from before it was kept say nothing of how long units took, and leave what is known. */
function latenciesAfter({ candidate, stable }: PerArm<Latencies>, { units, tookMs }: Block): PerArm<Latencies> {
  if (tookMs === undefined) return { candidate, stable };
  return {
    candidate: addLatencies(candidate, units.candidate, tookMs.candidate),
    stable: addLatencies(stable, units.stable, tookMs.stable),
  };
}

/** The state after one more block. Pure, and bit-identical on every machine. The policy is the one with which the rollout began. */
export function advance(state: GateState, block: Block, policy: LivePolicy): GateState {
  const seen = {
    blocks: state.blocks + 1,
    steps: state.steps.map((units, step) => (step === block.step ? addUnits(units, block.units) : units)),
    units: addUnits(state.units, block.units),
  };
  // Where one arm gets everything there is nothing to compare: units and events count towards limits and rates, without bets.
  const isCompared = block.share > 0 && block.share < 1;
  const means: Record<string, MeanEvidence> = {};
  const counts: Record<string, CountEvidence> = {};
  for (const metric of policy.metrics) {
    const { name } = metric;
    const unscored = block.unscored?.[name];
    if (isMean(metric)) {
      const [before, tallies] = [state.means[name] ?? NO_MEAN_EVIDENCE, block.means[name]];
      const span = spanOf(metric);
      const margins = { harm: metric.harmMargin / span, safety: metric.nonInferiorityMargin / span };
      if (tallies === undefined) means[name] = before;
      else means[name] = isCompared ? betOnBlock(before, tallies, margins, unscored) : countArms(before, tallies, unscored);
    } else {
      const harmRatio = isBreaker(metric) ? 1 : metric.harmRatio;
      const [before, events] = [state.counts[name] ?? NO_COUNT_EVIDENCE, block.counts[name] ?? NO_UNITS];
      counts[name] = isCompared
        ? betOnCounts(before, events, { share: block.share, harmRatio, unscored })
        : countEvents(before, events, unscored);
    }
  }
  const split = isCompared ? countSplit(state.split, block.units, block.share) : state.split;
  return { ...seen, split, means, counts, latencies: latenciesAfter(state.latencies, block) };
}
