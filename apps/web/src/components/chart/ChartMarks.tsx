import { memo } from "react";
import { classNames } from "../ui/classNames.ts";
import type { ChartSeries } from "./chartSeries.ts";
import { linePath } from "./linePath.ts";

/** The least height in pixels of a bar, so that it can be seen. */
const BAR_PX_MIN = 2;

type Size = { widthPx: number; heightPx: number; top: number };

/**
 * The part of a chart that does not follow the pointer. `top` is the value at its upper edge; steps for which `isOpen` holds are not over
 * yet.
 */
export const ChartMarks = memo(function ChartMarks({
  series,
  steps,
  ticks,
  isOpen,
  isWrong,
  ...size
}: Size & {
  series: readonly ChartSeries[];
  steps: number;
  ticks: readonly number[];
  isOpen: (step: number) => boolean;
  isWrong: (step: number) => boolean;
}) {
  const { widthPx, heightPx, top } = size;
  const stepPx = widthPx / steps;
  const bars = series.filter(({ mark }) => mark === "bar");
  const yOf = (value: number): number => heightPx - (value / top) * heightPx;
  return (
    <svg width={widthPx} height={heightPx} aria-hidden className="absolute inset-0 overflow-visible">
      {ticks.map((tick) => (
        <line
          key={tick}
          x2={widthPx}
          y1={Math.round(yOf(tick)) + 0.5}
          y2={Math.round(yOf(tick)) + 0.5}
          className={tick === 0 ? "stroke-line-strong" : "stroke-line"}
        />
      ))}
      {numbers(steps)
        .filter(isWrong)
        .map((step) => (
          <rect key={step} x={step * stepPx} width={stepPx} height={heightPx} className="fill-danger-soft" />
        ))}
      {numbers(steps)
        .flatMap((step) => piecesOf(bars, step))
        .map(({ step, id, tone, from, value }) => {
          const height = Math.max(BAR_PX_MIN, (value / top) * heightPx);
          return (
            <rect
              key={`${step} ${id}`}
              x={step * stepPx}
              width={Math.max(1, stepPx - (stepPx > 3 ? 1 : 0))}
              y={Math.max(0, yOf(from) - height)}
              height={height}
              className={classNames("fill-current", tone, isOpen(step) && "opacity-50")}
            />
          );
        })}
      {series
        .filter(({ mark }) => mark !== "bar")
        .toReversed()
        .map((line) => (
          <Line key={line.id} line={line} placeOf={(step, value) => ({ x: (step + 0.5) * stepPx, y: yOf(value) })} />
        ))}
    </svg>
  );
});

function Line({ line: { values, mark, tone }, placeOf }: { line: ChartSeries; placeOf: Parameters<typeof linePath>[1] }) {
  const { path, dots } = linePath(values, placeOf);
  const isBefore = mark === "before";
  return (
    <g className={tone}>
      <path
        d={path}
        fill="none"
        className="stroke-current"
        strokeWidth={isBefore ? 1 : 1.75}
        strokeLinejoin="round"
        strokeDasharray={isBefore ? "3 3" : undefined}
      />
      {dots.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r={isBefore ? 1.25 : 2.25} className="fill-current" />
      ))}
    </g>
  );
}

type Piece = { step: number; id: string; tone: string; from: number; value: number };

/** The stacked pieces of a step's bar, from the bottom up. */
function piecesOf(bars: readonly ChartSeries[], step: number): Piece[] {
  let from = 0;
  return bars.flatMap(({ id, tone, values }) => {
    const value = values[step] ?? 0;
    if (value <= 0) return [];
    const piece = { step, id, tone, from, value };
    from += value;
    return [piece];
  });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
