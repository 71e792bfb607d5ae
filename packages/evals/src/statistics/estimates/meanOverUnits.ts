import type { Interval } from "./clopperPearson.ts";

/** A figure with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

/**
 * The sums of values that come in independent units: the numbers of units and of values; the sum of the values; and, over the
 * units, the sums of the squared unit sums, of the unit sums times their numbers of values, and of the squares of those numbers.
 */
export interface UnitSums {
  readonly units: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly sumTimesCount: number;
  readonly countOfSquares: number;
}

/** The 0.975 quantile of the normal distribution. */
const Z_95 = 1.959963984540054;

/** Sums over units, each with the sum and the number of its values; `weight` is the number of equal units. */
export function sumsOfUnits(units: Iterable<{ sum: number; count: number; weight?: number }>): UnitSums {
  const sums = { units: 0, count: 0, sum: 0, sumOfSquares: 0, sumTimesCount: 0, countOfSquares: 0 };
  for (const { sum, count, weight = 1 } of units) {
    sums.units += weight;
    sums.count += weight * count;
    sums.sum += weight * sum;
    sums.sumOfSquares += weight * sum ** 2;
    sums.sumTimesCount += weight * sum * count;
    sums.countOfSquares += weight * count ** 2;
  }
  return sums;
}

/**
 * The mean of the values with its 95 % interval by the clustered standard error of a ratio of means (Cochran 1977, §6), G/(G-1) for
 * G units: values of one unit carry less information than values of different ones. Values from 0 to 1 (`isShare`) get Wilson's
 * interval (1927) for the effective number of yes-or-no units: it stays within 0 and 1 and is never empty. No values: null.
 */
export function meanOverUnits(sums: UnitSums, isShare: boolean): Estimate | null {
  const { units, count, sum } = sums;
  if (count === 0) return null;
  const value = sum / count;
  const squares = sums.sumOfSquares - 2 * value * sums.sumTimesCount + value ** 2 * sums.countOfSquares;
  const variance = units > 1 ? (Math.max(0, squares) * units) / (units - 1) / count ** 2 : 0;
  if (!isShare) {
    const half = Z_95 * Math.sqrt(variance);
    return { value, interval: { lower: value - half, upper: value + half } };
  }
  const spread = value * (1 - value);
  const effective = variance > 0 && spread > 0 ? (spread / variance) * (units / (units - 1)) : units;
  const centre = (value + Z_95 ** 2 / (2 * effective)) / (1 + Z_95 ** 2 / effective);
  const half = (Z_95 / (1 + Z_95 ** 2 / effective)) * Math.sqrt(spread / effective + Z_95 ** 2 / (4 * effective ** 2));
  return { value, interval: { lower: Math.max(0, Math.min(value, centre - half)), upper: Math.min(1, Math.max(value, centre + half)) } };
}
