import type { LatencyFigures, PerArm } from "@signalbox/model";
import { quantileRanks } from "../../statistics/sequential/quantileSequence.ts";

/** The share of units that a latency is told of. */
const SHARE = 0.95;

/** The interval is tightest after so many units. */
const TIGHTEST_AFTER_UNITS = 1_000;

const SIGNIFICANT_DIGITS = 3;

/** A length of time as blocks keep it, in whole milliseconds. */
export const keptMs = (ms: number): number => Math.round(Number(ms.toPrecision(SIGNIFICANT_DIGITS)));

/**
 * How long units of an arm took: how many there were, and how often each length of time (in milliseconds, as a
 * key; whole numbers are in their order) came up among those that were served. The others took longer.
 */
export interface Latencies {
  readonly units: number;
  readonly served: { readonly [ms: string]: number };
}

export const NO_LATENCIES: PerArm<Latencies> = { candidate: { units: 0, served: {} }, stable: { units: 0, served: {} } };

/** An arm's latencies with those of one more block, in which it had so many units. */
export function addLatencies({ units, served }: Latencies, more: number, tookMs: readonly number[]): Latencies {
  const grown: Record<string, number> = { ...served };
  for (const ms of tookMs) grown[ms] = (grown[ms] ?? 0) + 1;
  return { units: units + more, served: grown };
}

/** The 95th percentile with its confidence sequence. */
export function latencyFigures({ units, served }: Latencies, alpha: number): LatencyFigures {
  const { lower, upper } = quantileRanks(units, SHARE, { alpha, tightestAfter: TIGHTEST_AFTER_UNITS });
  const [first, middle, last] = atRanks(served, [lower, Math.ceil(SHARE * units), upper]);
  return { units, value: middle ?? null, lower: first ?? null, upper: last ?? null };
}

/** The values at some places from 1, in order, of sorted values that are counted; undefined before the first and behind the last. */
function atRanks(served: Latencies["served"], ranks: readonly number[]): (number | undefined)[] {
  const found: (number | undefined)[] = ranks.map(() => undefined);
  let upTo = 0;
  for (const [ms, count] of Object.entries(served)) {
    const before = upTo;
    upTo += count;
    for (const [index, rank] of ranks.entries()) if (rank > before && rank <= upTo) found[index] = Number(ms);
  }
  return found;
}
