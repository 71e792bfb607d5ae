import { sha256 } from "../sha256.ts";

const DIGITS = 13;

/**
 * Whether a trace is among the `share` that rules score: by a hash of its id, so that everybody decides the same, and a larger share
 * contains every smaller one. `isSampled` uses the id itself; reusing it here would pick all of the traces that were kept by it.
 */
export function isInScoredShare(traceId: string, share: number): boolean {
  const hash = sha256(traceId).slice(0, DIGITS);
  return Number.parseInt(hash, 16) / 16 ** DIGITS < share;
}
