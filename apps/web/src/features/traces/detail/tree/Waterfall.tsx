import { classNames } from "../../../../components/ui/classNames.ts";
import { GridCell, GridHeader } from "../../../../components/ui/table/gridParts.tsx";
import { formatDuration } from "../../../../format/duration.ts";
import { timeTicks } from "../../../../format/timeTicks.ts";
import { SPAN_KINDS } from "./spanKinds.ts";
import type { SpanNode } from "./traceTree.ts";

/** The width of a mark's label on the axis or after a bar, with some space. The end of the trace's time leaves as much. */
const LABEL_PX = 64;

/** The scale on which moments of the trace are placed: `ticks` are the marked moments, in nanoseconds since its start. */
export type TimeScale = { traceNs: number; ticks: readonly number[] };

/** The scale of a waterfall `widthPx` wide. */
export function timeScale(traceNs: number, widthPx: number): TimeScale {
  return { traceNs, ticks: timeTicks(traceNs, Math.floor(widthPx / LABEL_PX) - 1) };
}

const placeOf = (ns: number, { traceNs }: TimeScale): string =>
  `calc((100% - ${LABEL_PX}px) * ${(traceNs === 0 ? 0 : ns / traceNs).toFixed(5)})`;

/** The header of the waterfall: its time axis. */
export function TimeAxis({ scale }: { scale: TimeScale }) {
  return (
    <GridHeader aria-label="Time since the start" className="relative h-full overflow-hidden font-normal tabular-nums">
      {scale.ticks.map((tick) => (
        <span
          key={tick}
          className="absolute inset-y-0 flex items-center whitespace-nowrap border-l border-line pl-1"
          style={{ left: placeOf(tick, scale) }}
        >
          {formatDuration(tick)}
        </span>
      ))}
    </GridHeader>
  );
}

/** The marks of the axis, drawn once through all rows so that a row needs none of its own. */
export function TimeLines({ scale }: { scale: TimeScale }) {
  return (
    <span className="relative h-full overflow-hidden">
      {scale.ticks.map((tick) => (
        <span key={tick} className="absolute inset-y-0 w-px bg-line/60" style={{ left: placeOf(tick, scale) }} />
      ))}
    </span>
  );
}

/** A span as a bar on the trace's time, with its duration beside it. */
export function WaterfallBar({ node, scale }: { node: SpanNode; scale: TimeScale }) {
  const { bar, label } = SPAN_KINDS[node.span.kind];
  return (
    <GridCell
      title={`${label}, from ${formatDuration(node.startNs)} for ${formatDuration(node.durationNs)}`}
      className="relative h-full overflow-hidden"
    >
      <span
        className={classNames(
          "absolute top-2 h-3 min-w-0.5 rounded-sm",
          bar,
          node.span.status === "error" && "ring-2 ring-danger-mark",
          node.children.length > 0 && "top-2.5 h-2 opacity-55",
        )}
        style={{ left: placeOf(node.startNs, scale), width: placeOf(node.durationNs, scale) }}
      />
      <span
        className="absolute top-1.5 whitespace-nowrap text-xs text-muted tabular-nums"
        style={{ left: `calc(${placeOf(node.startNs + node.durationNs, scale)} + 6px)` }}
      >
        {formatDuration(node.durationNs)}
      </span>
    </GridCell>
  );
}
