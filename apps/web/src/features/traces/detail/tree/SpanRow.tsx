import { memo } from "react";
import { classNames } from "../../../../components/ui/classNames.ts";
import { GridCell, GridRow } from "../../../../components/ui/table/gridParts.tsx";
import { SpanNameCell } from "./SpanNameCell.tsx";
import type { SpanColumn } from "./spanColumns.tsx";
import type { SpanNode } from "./traceTree.ts";
import { type TimeScale, WaterfallBar } from "./Waterfall.tsx";

type SpanRowProps = {
  id: string;
  index: number;
  startPx: number;
  node: SpanNode;
  columns: readonly SpanColumn[];
  scale: TimeScale | null;
  gridTemplateColumns: string;
  isSelected: boolean;
  isCollapsed: boolean;
  isMatch: boolean;
  onSelect: (spanId: string) => void;
  onToggle: (spanId: string) => void;
};

/**
 * A span in the tree, `startPx` below its top: its name, and its figures or (with a `scale`) its bar. Rendered again only when its props
 * change.
 */
export const SpanRow = memo(function SpanRow({
  id,
  index,
  startPx,
  node,
  columns,
  scale,
  gridTemplateColumns,
  isSelected,
  isCollapsed,
  isMatch,
  onSelect,
  onToggle,
}: SpanRowProps) {
  const { spanId } = node.span;
  return (
    <GridRow
      id={id}
      aria-rowindex={index + 2}
      aria-level={node.depth + 1}
      aria-selected={isSelected}
      {...(node.children.length > 0 ? { "aria-expanded": !isCollapsed } : {})}
      {...(node.parent === null ? {} : { "aria-setsize": node.parent.children.length, "aria-posinset": node.place })}
      data-span={spanId}
      onClick={() => onSelect(spanId)}
      style={{ gridTemplateColumns, transform: `translateY(${startPx}px)` }}
      className={classNames(
        "absolute inset-x-0 top-0 grid h-7 cursor-pointer items-center hover:bg-hover",
        isMatch && "bg-caution-soft",
        isSelected && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)] hover:bg-accent-soft",
        isSelected &&
          "group-focus-visible/tree:outline-2 group-focus-visible/tree:-outline-offset-2 group-focus-visible/tree:outline-accent",
      )}
    >
      <SpanNameCell node={node} isCollapsed={isCollapsed} onToggle={onToggle} />
      {scale !== null && <WaterfallBar node={node} scale={scale} />}
      {columns.map((column) => (
        <GridCell
          key={column.id}
          className={classNames("min-w-0 truncate px-2 text-sm last:pr-4", column.isNumber && "text-right tabular-nums")}
        >
          {column.cell(node)}
        </GridCell>
      ))}
    </GridRow>
  );
});
