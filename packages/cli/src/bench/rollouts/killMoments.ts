import { seededRandom } from "../../loadgen/spans/seededRandom.ts";

/**
 * When the controller is killed while some rollouts are under way, in milliseconds:
 * twice after they began, and once after the first block of units was stored.
 */
export type KillMoments = { afterStartMs: readonly [number, number]; afterFirstBlockMs: number };

/** No rollout can be over so soon after the first block: one block is too little to decide on. */
const AFTER_BLOCK_MS_MAX = 4_000;

/**
 * Moments by chance: one in each half of the time in which nothing can be known
 * yet, one while the gate decides. Pure: the same seed gives the same moments.
 */
export function killMoments(seed: number, lagSeconds: number): KillMoments {
  const random = seededRandom(seed);
  const halfMs = (lagSeconds * 1_000) / 2;
  const within = (ms: number): number => Math.floor(random() * ms);
  return { afterStartMs: [within(halfMs), halfMs + within(halfMs)], afterFirstBlockMs: within(AFTER_BLOCK_MS_MAX) };
}
