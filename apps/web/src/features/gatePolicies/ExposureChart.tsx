"use client";
import { useRef } from "react";
import { useWidth } from "../../components/ui/layout/useWidth.ts";
import { formatCompact, formatCount } from "../../format/amounts.ts";
import type { ExposureBin } from "./exposureBins.ts";
import { ENDING_ORDER, ENDINGS } from "./words.ts";

const HEIGHT_PX = 72;
const TICK_PX = 64;

/** A histogram of exposure at the end of simulated rollouts, coloured by ending, with the median marked. */
export function ExposureChart({
  label,
  bins,
  median,
  most,
}: {
  label: string;
  bins: readonly ExposureBin[];
  median: number;
  most: number;
}) {
  const plot = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(plot);
  const end = bins.at(-1)?.to ?? 1;
  const each = (widthPx ?? 0) / Math.max(1, bins.length);
  const heightOf = (count: number): number => (count / most) * HEIGHT_PX;
  const everyTick = widthPx === null ? 1 : Math.max(1, Math.ceil(TICK_PX / Math.max(1, each)));
  return (
    <div>
      <div ref={plot} role="img" aria-label={label} className="relative border-b border-line-strong" style={{ height: HEIGHT_PX }}>
        {widthPx !== null && (
          <svg width={widthPx} height={HEIGHT_PX} aria-hidden className="absolute inset-0 overflow-visible">
            {bins.map((bin, index) => {
              let from = HEIGHT_PX;
              return ENDING_ORDER.filter((kind) => bin[kind] > 0).map((kind) => {
                const height = Math.max(1.5, heightOf(bin[kind]));
                from -= height;
                return (
                  <rect
                    key={`${bin.from} ${kind}`}
                    x={index * each}
                    y={from}
                    width={Math.max(1, each - 1)}
                    height={height}
                    className={ENDINGS[kind].fill}
                  >
                    <title>{`${formatCount(bin.from)} to ${formatCount(bin.to)}: ${formatCount(bin[kind])} ${ENDINGS[kind].label}`}</title>
                  </rect>
                );
              });
            })}
            <line
              x1={(median / end) * widthPx}
              x2={(median / end) * widthPx}
              y1={-4}
              y2={HEIGHT_PX}
              className="stroke-ink"
              strokeDasharray="2 2"
            />
          </svg>
        )}
      </div>
      <div aria-hidden className="relative mt-1 h-4 text-xs text-faint tabular-nums">
        {bins.map(({ from }, index) =>
          index % everyTick === 0 ? (
            <span key={from} className={index === 0 ? "absolute" : "absolute -translate-x-1/2"} style={{ left: index * each }}>
              {formatCompact(from)}
            </span>
          ) : null,
        )}
      </div>
    </div>
  );
}
