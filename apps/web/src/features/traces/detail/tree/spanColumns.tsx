import type { ReactNode } from "react";
import { amountMark, formatCost } from "../../../../format/amounts.ts";
import { formatDuration } from "../../../../format/duration.ts";
import { NOTHING, Tokens } from "../../list/columns/Amount.tsx";
import type { SpanNode, SpanOutline } from "./traceTree.ts";

export type SpanColumn = {
  id: string;
  header: string;
  width: string;
  isNumber: boolean;
  showFromPx: number;
  cell: (node: SpanNode) => ReactNode;
};

const estimateMark = (isEstimate: boolean): string => amountMark({ isEstimate, isPartial: false }).mark;

/** The tool's name if the span's own does not contain it. */
const newToolName = ({ name, toolName }: SpanOutline): string => (toolName === null || name.includes(toolName) ? "" : toolName);

const COLUMNS: readonly SpanColumn[] = [
  {
    id: "model",
    header: "Model or tool",
    width: "minmax(6rem, 10rem)",
    isNumber: false,
    showFromPx: 640,
    cell: ({ span }) => <span className="text-muted">{span.model ?? newToolName(span)}</span>,
  },
  {
    id: "tokens",
    header: "Tokens",
    width: "7.5rem",
    isNumber: true,
    showFromPx: 520,
    cell: ({ span }) => <Tokens input={span.inputTokens} output={span.outputTokens} isEstimate={span.usageIsEstimate} />,
  },
  {
    id: "cost",
    header: "Cost",
    width: "5.5rem",
    isNumber: true,
    showFromPx: 720,
    cell: ({ span }) => (span.costUsd === null ? NOTHING : `${estimateMark(span.costIsEstimate)}${formatCost(span.costUsd)}`),
  },
  { id: "duration", header: "Duration", width: "5.5rem", isNumber: true, showFromPx: 0, cell: (node) => formatDuration(node.durationNs) },
];

/** The columns of figures that fit into a tree of the given width. */
export function spanColumns(widthPx: number): SpanColumn[] {
  return COLUMNS.filter((column) => widthPx >= column.showFromPx);
}
