import type { Random } from "@signalbox/model";

/** The time within which spans of a trace start, and their longest duration. */
const START_MS_MAX = 1_000;
const DURATION_MS_MAX = 8_000;

/** No span ends later than this after the time with which its request is patched; a root lasts as long. */
export const SPAN_MS_MAX = START_MS_MAX + DURATION_MS_MAX + 1;

const NS_PER_MS = 1_000_000;

/**
 * The start and end of a span, in nanoseconds after its request's base time. Most calls are short, few are long; a root spans all of them.
 */
export function callTimes(isRoot: boolean, random: Random): { startNs: number; endNs: number } {
  if (isRoot) return { startNs: 0, endNs: SPAN_MS_MAX * NS_PER_MS };
  const startNs = Math.floor(random() * START_MS_MAX * NS_PER_MS);
  return { startNs, endNs: startNs + Math.floor(Math.exp(random() * Math.log(DURATION_MS_MAX)) * NS_PER_MS) };
}
