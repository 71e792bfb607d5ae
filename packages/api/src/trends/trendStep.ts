import type { TimeWindow } from "@signalbox/model";

/** Step widths of a chart that are easy to read, in seconds. */
const STEPS_SECONDS = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800] as const;

const NS_PER_SECOND = 1_000_000_000n;

const secondsOf = ({ from, to }: TimeWindow): number => Number((BigInt(to) - BigInt(from)) / NS_PER_SECOND);

/** The step widths, in seconds, that give a window at least two and about `pointsMax` points at most. */
export function trendSteps(window: TimeWindow, pointsMax: number): number[] {
  const seconds = secondsOf(window);
  const fitting = STEPS_SECONDS.filter((step) => seconds / step <= pointsMax && seconds >= 2 * step);
  return fitting.length > 0 ? fitting : [trendStepSeconds(window, pointsMax)];
}

/** The narrowest step, in seconds, that gives a window about `pointsMax` points at most. */
export function trendStepSeconds(window: TimeWindow, pointsMax: number): number {
  return STEPS_SECONDS.find((step) => secondsOf(window) / step <= pointsMax) ?? 604_800;
}

/** A window extended to whole steps. Steps count from 1970, so hours and days are aligned to UTC. */
export function wholeSteps(window: TimeWindow, stepSeconds: number): TimeWindow {
  const step = BigInt(stepSeconds) * NS_PER_SECOND;
  const end = BigInt(window.to);
  return { from: String(BigInt(window.from) - (BigInt(window.from) % step)), to: String(end + ((step - (end % step)) % step)) };
}

/** The window of equal length that ends where the given one begins; no stored time is before 1970. */
export function windowBefore({ from, to }: TimeWindow): TimeWindow {
  const before = 2n * BigInt(from) - BigInt(to);
  return { from: String(before < 0n ? 0n : before), to: from };
}
