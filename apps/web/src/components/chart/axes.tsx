"use client";
import { useRef } from "react";
import { formatMoment } from "../../format/time.ts";
import { classNames } from "../ui/classNames.ts";
import { useWidth } from "../ui/layout/useWidth.ts";
import type { ChartUnit } from "./chartSeries.ts";
import { momentTicks } from "./momentTicks.ts";
import { startOf, type TimeGrid } from "./timeGrid.ts";

/** The width of a label on the time axis, with the space around it. */
const MOMENT_PX = 56;

/** The labels of a chart's horizontal lines. */
export function ValueAxis({ ticks, top, unit, isSlim }: { ticks: readonly number[]; top: number; unit: ChartUnit; isSlim: boolean }) {
  return (
    <div aria-hidden className={classNames("relative shrink-0 text-xs text-faint tabular-nums", isSlim ? "w-10" : "w-14")}>
      {ticks.map((tick) => (
        <span
          key={tick}
          className="absolute right-2 translate-y-1/2 whitespace-nowrap leading-none"
          style={{ bottom: `${(tick / top) * 100}%` }}
        >
          {unit.tick(tick)}
        </span>
      ))}
    </div>
  );
}

/** The time axis below a chart: round times; on a slim chart only its beginning and end. */
export function MomentAxis({ grid, zone, isSlim }: { grid: TimeGrid; zone: "local" | "utc"; isSlim: boolean }) {
  const axis = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(axis);
  const [fromMs, toMs] = [grid.fromMs, startOf(grid, grid.count)];
  if (isSlim)
    return (
      <div aria-hidden className="ml-10 flex justify-between pt-0.5 text-xs text-faint tabular-nums">
        <span>{formatMoment(fromMs, zone).slice(0, 16)}</span>
        <span>{formatMoment(toMs, zone).slice(0, 16)}</span>
      </div>
    );
  const ticks = widthPx === null ? [] : momentTicks(fromMs, toMs, Math.floor(widthPx / MOMENT_PX), zone);
  const shareOf = (atMs: number): number => (atMs - fromMs) / (toMs - fromMs);
  return (
    <div ref={axis} aria-hidden className="relative mt-1.5 ml-14 h-4 text-xs text-faint tabular-nums">
      {ticks.map(({ atMs, label }) => (
        <span key={atMs} className="absolute -translate-x-1/2 whitespace-nowrap" style={{ left: `${shareOf(atMs) * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  );
}
