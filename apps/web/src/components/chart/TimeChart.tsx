"use client";
import { type ReactNode, useMemo, useRef } from "react";
import { formatStretch } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import { classNames } from "../ui/classNames.ts";
import { useWidth } from "../ui/layout/useWidth.ts";
import { MomentAxis, ValueAxis } from "./axes.tsx";
import { ChartLegend, valueText } from "./ChartLegend.tsx";
import { ChartMarks } from "./ChartMarks.tsx";
import { ChartTip } from "./ChartTip.tsx";
import { CHART_UNITS, type ChartSeries, type ChartUnit, highestOf } from "./chartSeries.ts";
import { type Stretch, startOf, type TimeGrid } from "./timeGrid.ts";
import { usePointing } from "./usePointing.ts";

const TICKS_MAX = { full: 4, slim: 2 } as const;
const HEIGHT_PX = 144;
const SLIM_HEIGHT_PX = 48;

const NO = (): boolean => false;
const NO_MARKS: readonly ChartMark[] = [];

/** An event at the beginning of a step. */
export type ChartMark = { step: number; label: string };

/**
 * A chart over time: bars and lines over equal steps, with a crosshair for pointer and arrow keys that all charts of a `ChartCursor` share.
 * `onStep` is called on a click on a step, or Enter; `onStretch` on dragging over several, or Shift with arrows and then Enter. With
 * `stretchActions` a selected stretch stays selected, and shows them. An `isSlim` chart is low, with few axis marks and no legend.
 */
export function TimeChart({
  label,
  grid,
  series,
  unit = CHART_UNITS.count,
  isOpen = NO,
  isWrong = NO,
  isSlim = false,
  marks = NO_MARKS,
  onStep,
  onStretch,
  stretchActions,
}: {
  label: string;
  grid: TimeGrid;
  series: readonly ChartSeries[];
  unit?: ChartUnit;
  /** Whether a step is not over yet. */
  isOpen?: (step: number) => boolean;
  /** Whether a step's numbers do not add up. */
  isWrong?: (step: number) => boolean;
  isSlim?: boolean;
  /** Steps with an event at their beginning. */
  marks?: readonly ChartMark[];
  onStep?: (step: number) => void;
  onStretch?: (stretch: Stretch) => void;
  stretchActions?: (stretch: Stretch) => ReactNode;
}) {
  const plot = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(plot);
  const [clock] = usePreference("clock");
  const pointing = usePointing(plot, grid, { onStep, onStretch, keepsStretch: stretchActions !== undefined });
  const { step, stretch } = pointing;
  const zone = clock === "utc" ? "utc" : "local";
  const ticks = useMemo(() => {
    return unit.ticks(highestOf(series), isSlim ? TICKS_MAX.slim : TICKS_MAX.full);
  }, [series, unit, isSlim]);
  const top = ticks.at(-1) || 1;
  const heightPx = isSlim ? SLIM_HEIGHT_PX : HEIGHT_PX;

  const titleOf = (at: number): string => formatStretch(startOf(grid, at), startOf(grid, at + 1), zone);
  const notesOf = (at: number): string[] => [
    ...marks.filter((mark) => mark.step === at).map((mark) => mark.label),
    ...(isOpen(at) ? ["Not over yet"] : []),
    ...(isWrong(at) ? ["Does not add up"] : []),
  ];
  const textOf = (at: number): string =>
    [titleOf(at), ...series.map(({ label: name, values }) => `${name} ${valueText(values[at] ?? null, unit)}`), ...notesOf(at)].join(", ");
  const shareOf = (at: number): string => `${(at / grid.count) * 100}%`;
  const box = plot.current?.getBoundingClientRect();
  const last = grid.count - 1;
  return (
    <figure>
      {!isSlim && <ChartLegend series={series} unit={unit} />}
      <div className="relative flex">
        <ValueAxis ticks={ticks} top={top} unit={unit} isSlim={isSlim} />
        <div
          ref={plot}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={step ?? last}
          aria-valuetext={textOf(step ?? last)}
          {...pointing.handlers}
          style={{ height: heightPx }}
          className={classNames(
            "relative min-w-0 flex-1 touch-pan-y select-none rounded-sm",
            onStep === undefined ? "cursor-crosshair" : "cursor-pointer",
          )}
        >
          {widthPx !== null && (
            <ChartMarks
              series={series}
              steps={grid.count}
              ticks={ticks}
              isOpen={isOpen}
              isWrong={isWrong}
              widthPx={widthPx}
              heightPx={heightPx}
              top={top}
            />
          )}
          {marks.map(({ step: at, label: happened }) => (
            <div
              key={`${at} ${happened}`}
              aria-hidden
              className="pointer-events-none absolute inset-y-0 border-l border-dashed border-line-strong"
              style={{ left: shareOf(at) }}
            >
              <span
                className={classNames(
                  "absolute top-0 rounded-sm bg-surface/85 px-1 text-xs whitespace-nowrap text-muted",
                  at > (3 * grid.count) / 4 ? "right-0.5" : "left-0.5",
                )}
              >
                {happened}
              </span>
            </div>
          ))}
          {stretch !== null && (
            <div
              className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/15"
              style={{ left: shareOf(stretch.first), right: shareOf(last - stretch.last) }}
            />
          )}
          {step !== null && <div className="pointer-events-none absolute inset-y-0 w-px bg-ink/50" style={{ left: shareOf(step + 0.5) }} />}
        </div>
        {pointing.isHere && stretch !== null && !pointing.isDragging && stretchActions !== undefined && (
          <div className={classNames("absolute top-1 z-10", stretch.first > last - stretch.last ? "left-16" : "right-2")}>
            {stretchActions(stretch)}
          </div>
        )}
      </div>
      {step !== null && pointing.isHere && box !== undefined && (
        <ChartTip
          title={titleOf(step)}
          step={step}
          series={series}
          unit={unit}
          notes={notesOf(step)}
          at={{
            xPx: box.left + ((step + 0.5) / grid.count) * box.width,
            yPx: isSlim ? box.bottom + 4 : box.top,
            isToLeft: step > grid.count / 2,
          }}
        />
      )}
      <MomentAxis grid={grid} zone={zone} isSlim={isSlim} />
    </figure>
  );
}
