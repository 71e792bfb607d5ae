import { formatCompact, formatCost, formatCount, formatShare } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { countTicks, durationTicks, valueTicks } from "./valueTicks.ts";

/**
 * What is drawn of something over time, with a value per step; null where there is none to tell, which is not 0. Bars stand on one
 * another in the order of their series, the first line lies above the others; what was `before` is a faint one. `tone` is a text colour.
 */
export type ChartSeries = {
  id: string;
  label: string;
  tone: string;
  mark: "bar" | "line" | "before";
  values: readonly (number | null)[];
};

/** How values of a chart are written, in full and beside the axis, and where its axis is marked. */
export type ChartUnit = {
  format: (value: number) => string;
  tick: (value: number) => string;
  ticks: (most: number, ticksMax: number) => number[];
};

const NS_PER_MS = 1e6;
const inDuration = (ms: number): string => formatDuration(ms * NS_PER_MS);

/** A round cost has no digits to fill up. */
const usdTick = (usd: number): string => (usd >= 1_000 ? `$${formatCompact(usd)}` : usd >= 0.001 ? `$${usd}` : formatCost(usd));

/** The units that charts have: whole things, shares of 1, milliseconds (each an estimate), US dollars. */
export const CHART_UNITS = {
  count: { format: formatCount, tick: formatCompact, ticks: countTicks },
  share: { format: formatShare, tick: formatShare, ticks: valueTicks },
  estimatedMs: { format: (ms) => `~${inDuration(ms)}`, tick: inDuration, ticks: durationTicks },
  usd: { format: formatCost, tick: usdTick, ticks: valueTicks },
} as const satisfies Record<string, ChartUnit>;

/** The highest that anything of a chart reaches. */
export function highestOf(series: readonly ChartSeries[]): number {
  const bars = series.filter(({ mark }) => mark === "bar");
  const stacks = (bars[0]?.values ?? []).map((_, step) => bars.reduce((sum, { values }) => sum + (values[step] ?? 0), 0));
  const others = series.filter(({ mark }) => mark !== "bar").flatMap(({ values }) => values.filter((value) => value !== null));
  return [...stacks, ...others].reduce((max, value) => Math.max(max, value), 0);
}
