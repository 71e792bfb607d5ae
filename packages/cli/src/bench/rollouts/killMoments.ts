import { seededRandom } from "../../loadgen/spans/seededRandom.ts";

/**
 * The times of the kills of the controller while some rollouts are under way, in
 * milliseconds: twice after they began, and once after the first block of units was stored.
 */
export type KillMoments = { afterStartMs: readonly [number, number]; afterFirstBlockMs: number };

/** No rollout can end this soon after the first block, which is too little to decide on. */
const AFTER_BLOCK_MS_MAX = 4_000;

/**
 * Random times: one in each half of the time in which nothing can be known
 * yet, one while the gate decides. Pure: the same seed gives the same times.
 */
export function killMoments(seed: number, lagSeconds: number): KillMoments {
  const random = seededRandom(seed);
  const halfMs = (lagSeconds * 1_000) / 2;
  const within = (ms: number): number => Math.floor(random() * ms);
  return { afterStartMs: [within(halfMs), halfMs + within(halfMs)], afterFirstBlockMs: within(AFTER_BLOCK_MS_MAX) };
}
