import { Swatch, valueText } from "./ChartLegend.tsx";
import type { ChartSeries, ChartUnit } from "./chartSeries.ts";

const GAP_PX = 12;

/**
 * The values of a step, beside the crosshair. It is positioned outside of anything that clips the chart. Screen readers get the same text
 * from the chart's value, and from its table.
 */
export function ChartTip({
  title,
  step,
  series,
  unit,
  notes,
  at: { xPx, yPx, isToLeft },
}: {
  title: string;
  step: number;
  series: readonly ChartSeries[];
  unit: ChartUnit;
  notes: readonly string[];
  at: { xPx: number; yPx: number; isToLeft: boolean };
}) {
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed z-50 grid max-w-80 min-w-44 gap-1 rounded-md border border-line-strong bg-raised px-2.5 py-2 text-xs text-ink shadow-pop"
      style={{ top: yPx, left: xPx, transform: `translateX(${isToLeft ? `calc(-100% - ${GAP_PX}px)` : `${GAP_PX}px`})` }}
    >
      <p className="whitespace-nowrap text-muted tabular-nums">{title}</p>
      {series.map(({ id, label, tone, mark, values }) => (
        <p key={id} className="flex items-center gap-2">
          <Swatch tone={tone} mark={mark} />
          <span className="min-w-0 flex-1 truncate text-muted">{label}</span>
          <span className="font-medium tabular-nums">{valueText(values[step] ?? null, unit)}</span>
        </p>
      ))}
      {notes.map((note) => (
        <p key={note} className="text-faint">
          {note}
        </p>
      ))}
    </div>
  );
}
