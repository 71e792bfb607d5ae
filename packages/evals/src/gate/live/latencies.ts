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
 * How long units of an arm took: how many there were, and of those that were served each length of time that came up (`ms`, ascending)
 * with the number of its `times`. The others took longer. Plain arrays, since they are copied with each block: thousands of keys of an
 * object would take milliseconds.
 */
export interface Latencies {
  readonly units: number;
  readonly ms: readonly number[];
  readonly times: readonly number[];
}

const NONE: Latencies = { units: 0, ms: [], times: [] };

export const NO_LATENCIES: PerArm<Latencies> = { candidate: NONE, stable: NONE };

/** An arm's latencies with those of one more block, in which it had so many units. */
export function addLatencies({ units, ms, times }: Latencies, more: number, tookMs: readonly number[]): Latencies {
  const [grown, counts] = [ms.slice(), times.slice()];
  for (const took of tookMs) {
    const place = placeOf(took, grown);
    const isKnown = grown[place] === took;
    if (!isKnown) grown.splice(place, 0, took);
    counts.splice(place, Number(isKnown), (isKnown ? (counts[place] ?? 0) : 0) + 1);
  }
  return { units: units + more, ms: grown, times: counts };
}

/** The place of the first of ascending values that is not smaller. */
function placeOf(value: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The 95th percentile with its confidence sequence. */
export function latencyFigures({ units, ms, times }: Latencies, alpha: number): LatencyFigures {
  const { lower, upper } = quantileRanks(units, SHARE, { alpha, tightestAfter: TIGHTEST_AFTER_UNITS });
  const [first, middle, last] = atRanks({ ms, times }, [lower, Math.ceil(SHARE * units), upper]);
  return { units, value: middle ?? null, lower: first ?? null, upper: last ?? null };
}

/** The values at some places from 1, in order, of counted values; undefined before the first and behind the last. */
function atRanks({ ms, times }: Pick<Latencies, "ms" | "times">, ranks: readonly number[]): (number | undefined)[] {
  const found: (number | undefined)[] = ranks.map(() => undefined);
  let upTo = 0;
  for (const [place, count] of times.entries()) {
    const before = upTo;
    upTo += count;
    for (const [index, rank] of ranks.entries()) if (rank > before && rank <= upTo) found[index] = ms[place];
  }
  return found;
}
