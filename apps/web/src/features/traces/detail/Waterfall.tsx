import { classNames } from "../../../components/ui/classNames.ts";
import { GridCell, GridHeader } from "../../../components/ui/gridParts.tsx";
import { formatDuration } from "../../../format/duration.ts";
import { SPAN_KINDS } from "./spanKinds.ts";
import type { SpanNode } from "./traceTree.ts";

const TICKS = [0, 0.25, 0.5, 0.75];

/** The share of the width that the trace's time takes: the label after a bar at the end needs the rest. */
const USED_SHARE = 0.84;

const percent = (share: number): string => `${(share * USED_SHARE * 100).toFixed(3)}%`;

/** The header of the waterfall: where a quarter of the trace's time lies. */
export function TimeAxis({ durationNs }: { durationNs: number }) {
  return (
    <GridHeader aria-label="Time since the start" className="relative h-full overflow-hidden font-normal tabular-nums">
      {TICKS.map((tick) => (
        <span key={tick} className="absolute inset-y-0 flex items-center border-l border-line pl-1" style={{ left: percent(tick) }}>
          {tick === 0 ? "0" : formatDuration(durationNs * tick)}
        </span>
      ))}
      <span className="absolute inset-y-0 border-l border-line" style={{ left: percent(1) }} />
    </GridHeader>
  );
}

/** A span on the trace's time, its duration beside it. */
export function WaterfallBar({ node, traceNs }: { node: SpanNode; traceNs: number }) {
  const { bar, label } = SPAN_KINDS[node.span.kind];
  const [start, length] = [node.startNs / traceNs, node.durationNs / traceNs];
  return (
    <GridCell
      title={`${label}, from ${formatDuration(node.startNs)} for ${formatDuration(node.durationNs)}`}
      className="relative h-full overflow-hidden"
    >
      {[...TICKS, 1].map((tick) => (
        <span key={tick} aria-hidden className="absolute inset-y-0 w-px bg-line/60" style={{ left: percent(tick) }} />
      ))}
      <span
        className={classNames(
          "absolute top-2 h-3 min-w-0.5 rounded-sm",
          bar,
          node.span.status === "error" && "ring-2 ring-danger-mark",
          node.children.length > 0 && "top-2.5 h-2 opacity-55",
        )}
        style={{ left: percent(start), width: percent(length) }}
      />
      <span
        className="absolute top-1.5 whitespace-nowrap text-xs text-muted tabular-nums"
        style={{ left: `calc(${percent(start + length)} + 6px)` }}
      >
        {formatDuration(node.durationNs)}
      </span>
    </GridCell>
  );
}
