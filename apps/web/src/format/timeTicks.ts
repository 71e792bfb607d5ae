const MINUTE_NS = 60e9;
const HOUR_NS = 3_600e9;

/** Round steps of time in nanoseconds: 1, 2, 5 of each power of ten up to ten seconds, then fractions of a minute, an hour and a day. */
const STEPS_NS: readonly number[] = [
  ...Array.from({ length: 10 }, (_, exponent) => [1, 2, 5].map((digit) => digit * 10 ** exponent)).flat(),
  ...[10e9, 20e9, 30e9],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_NS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_NS),
];
const DAY_NS = 24 * HOUR_NS;

/** Marks on an axis of `durationNs`: 0 and the multiples of a round step, at most `ticksMax` of them. */
export function timeTicks(durationNs: number, ticksMax: number): number[] {
  const leastNs = durationNs / Math.max(1, ticksMax);
  const step = STEPS_NS.find((candidate) => candidate >= leastNs) ?? Math.ceil(leastNs / DAY_NS) * DAY_NS;
  return Array.from({ length: Math.floor(durationNs / step) + 1 }, (_, index) => index * step);
}
