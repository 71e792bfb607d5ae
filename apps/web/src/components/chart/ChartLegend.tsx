"use client";
import { classNames } from "../ui/classNames.ts";
import { useCursor } from "./ChartCursor.tsx";
import type { ChartSeries, ChartUnit } from "./chartSeries.ts";

/** The series of a chart, with their values at the crosshair, which may be in this chart or in another. */
export function ChartLegend({ series, unit }: { series: readonly ChartSeries[]; unit: ChartUnit }) {
  const { step } = useCursor().cursor;
  return (
    <figcaption className="mb-2 flex min-h-4 flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
      {series.map(({ id, label, tone, mark, values }) => (
        <span key={id} className="flex min-w-0 items-center gap-1.5">
          <Swatch tone={tone} mark={mark} />
          <span className="max-w-40 truncate" title={label}>
            {label}
          </span>
          {step !== null && <span className="font-medium text-ink tabular-nums">{valueText(values[step] ?? null, unit)}</span>}
        </span>
      ))}
    </figcaption>
  );
}

/** The sample of a series: a square for bars, a dash for lines. */
export function Swatch({ tone, mark }: Pick<ChartSeries, "tone" | "mark">) {
  return (
    <span
      aria-hidden
      className={classNames(
        "shrink-0",
        tone,
        mark === "bar" && "size-2.5 rounded-[2px] bg-current",
        mark === "line" && "h-0.5 w-3 bg-current",
        mark === "before" && "w-3 border-t border-dashed border-current",
      )}
    />
  );
}

/** A value of a chart; a dash if there is none. */
export function valueText(value: number | null, unit: ChartUnit): string {
  return value === null ? "–" : unit.format(value);
}
