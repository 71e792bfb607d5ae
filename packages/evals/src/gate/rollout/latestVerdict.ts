import { type Block, canaryOf, type LiveVerdict, type Rollout, stepElapsedMs } from "@signalbox/model";
import { advance, type GateState, startGate } from "../live/gateState.ts";
import type { LivePolicy } from "../live/livePolicy.ts";
import { look } from "../live/look.ts";

/** A gate's state after the given blocks, in order. */
export function foldBlocks(blocks: readonly Block[], policy: LivePolicy): GateState {
  return blocks.reduce((state, block) => advance(state, block, policy), startGate(policy));
}

/** The verdict on a rollout at a time (milliseconds since 1970), over the blocks stored by then. Pure. */
export function latestVerdict(rollout: Rollout, blocks: readonly Block[], atMs: number): LiveVerdict {
  const policy = canaryOf(rollout);
  return look(foldBlocks(blocks, policy), policy, { step: rollout.step, stepElapsedMs: stepElapsedMs(rollout, atMs) });
}
