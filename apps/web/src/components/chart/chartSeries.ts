import { formatCompact, formatCost, formatCount, formatShare } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { countTicks, durationTicks, valueTicks } from "./valueTicks.ts";

/**
 * A series of a chart over time, with one value per step; null means no value, which is not 0. Bars are stacked in the order of their
 * series, and the first line is on top of the others; a `before` series is drawn faintly. `tone` is a text colour.
 */
export type ChartSeries = {
  id: string;
  label: string;
  tone: string;
  mark: "bar" | "line" | "before";
  values: readonly (number | null)[];
};

/** The format of a chart's values, in full and on the axis, and the positions of the axis marks. */
export type ChartUnit = {
  format: (value: number) => string;
  tick: (value: number) => string;
  ticks: (most: number, ticksMax: number) => number[];
};

const NS_PER_MS = 1e6;
const inDuration = (ms: number): string => formatDuration(ms * NS_PER_MS);

/** A cost on an axis, without trailing zeros. */
const usdTick = (usd: number): string => (usd >= 1_000 ? `$${formatCompact(usd)}` : usd >= 0.001 ? `$${usd}` : formatCost(usd));

/** The units of charts: counts, shares of 1, milliseconds (estimated), US dollars. */
export const CHART_UNITS = {
  count: { format: formatCount, tick: formatCompact, ticks: countTicks },
  share: { format: formatShare, tick: formatShare, ticks: valueTicks },
  estimatedMs: { format: (ms) => `~${inDuration(ms)}`, tick: inDuration, ticks: durationTicks },
  usd: { format: formatCost, tick: usdTick, ticks: valueTicks },
} as const satisfies Record<string, ChartUnit>;

/** The highest value in a chart. */
export function highestOf(series: readonly ChartSeries[]): number {
  const bars = series.filter(({ mark }) => mark === "bar");
  const stacks = (bars[0]?.values ?? []).map((_, step) => bars.reduce((sum, { values }) => sum + (values[step] ?? 0), 0));
  const others = series.filter(({ mark }) => mark !== "bar").flatMap(({ values }) => values.filter((value) => value !== null));
  return [...stacks, ...others].reduce((max, value) => Math.max(max, value), 0);
}
