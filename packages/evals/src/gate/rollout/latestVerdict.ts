import { type Block, canaryOf, type LiveVerdict, type Rollout, stepElapsedMs } from "@signalbox/model";
import { advance, type GateState, startGate } from "../live/gateState.ts";
import type { LivePolicy } from "../live/livePolicy.ts";
import { look } from "../live/look.ts";

/** What a gate knows after some blocks, in order. */
export function foldBlocks(blocks: readonly Block[], policy: LivePolicy): GateState {
  return blocks.reduce((state, block) => advance(state, block, policy), startGate(policy));
}

/** The verdict on a rollout at a moment (milliseconds since 1970), over the blocks that are stored by then. A function of these alone. */
export function latestVerdict(rollout: Rollout, blocks: readonly Block[], atMs: number): LiveVerdict {
  const policy = canaryOf(rollout);
  return look(foldBlocks(blocks, policy), policy, { step: rollout.step, stepElapsedMs: stepElapsedMs(rollout, atMs) });
}
