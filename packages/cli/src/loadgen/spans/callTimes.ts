import type { Random } from "./seededRandom.ts";

/** Spans of a trace start within this time, and may last so long. */
const START_MS_MAX = 1_000;
const DURATION_MS_MAX = 8_000;

/** No span ends later than this after the time that its request is patched with; a root lasts as long. */
export const SPAN_MS_MAX = START_MS_MAX + DURATION_MS_MAX + 1;

const NS_PER_MS = 1_000_000;

/**
 * When a span starts and ends, in nanoseconds after its request's base time. Most calls are short, few are long; a root is there from the
 * first to the last.
 */
export function callTimes(isRoot: boolean, random: Random): { startNs: number; endNs: number } {
  if (isRoot) return { startNs: 0, endNs: SPAN_MS_MAX * NS_PER_MS };
  const startNs = Math.floor(random() * START_MS_MAX * NS_PER_MS);
  return { startNs, endNs: startNs + Math.floor(Math.exp(random() * Math.log(DURATION_MS_MAX)) * NS_PER_MS) };
}
