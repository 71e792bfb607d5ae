import { sha256 } from "../sha256.ts";

const DIGITS = 13;

/**
 * Whether a trace is among the `share` that rules score: by a hash of its id, so that everybody decides the same, and what a smaller
 * share takes, a larger one takes too. Not by the id itself, as `isSampled` goes: of traces that were kept by that all would be taken.
 */
export function isInScoredShare(traceId: string, share: number): boolean {
  const hash = sha256(traceId).slice(0, DIGITS);
  return Number.parseInt(hash, 16) / 16 ** DIGITS < share;
}
