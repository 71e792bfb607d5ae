import type { TimeWindow } from "@signalbox/model";

/** Widths of a chart's points that people read easily, in seconds. */
const STEPS_SECONDS = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800] as const;

/** The narrowest width, in seconds, with which a window has no more than about so many points. */
export function trendStepSeconds(window: TimeWindow, pointsMax: number): number {
  const seconds = Number((BigInt(window.to) - BigInt(window.from)) / 1_000_000_000n);
  return STEPS_SECONDS.find((step) => seconds / step <= pointsMax) ?? STEPS_SECONDS.at(-1) ?? 604_800;
}
