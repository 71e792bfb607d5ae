"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useRef } from "react";
import { classNames } from "../../../components/ui/classNames.ts";
import { Grid, GridBody, GridCell, GridHeader, GridRow } from "../../../components/ui/gridParts.tsx";
import { useWidth } from "../../../components/ui/useWidth.ts";
import { SpanNameCell } from "./SpanNameCell.tsx";
import { spanColumns } from "./spanColumns.tsx";
import type { SpanNode, TraceTree } from "./traceTree.ts";
import { TimeAxis, timeScale, WaterfallBar } from "./Waterfall.tsx";

const ROW_PX = 28;
const OVERSCAN_ROWS = 16;
const PAGE_ROWS = 12;

/**
 * A trace's spans as rows: with their figures (`tree`) or on the trace's time (`waterfall`). Only the rows in sight are in the document.
 * One tab stop; arrows walk and open or close, Home and End go to the ends.
 */
export function SpanTree({
  tree,
  rows,
  view,
  selectedId,
  onSelect,
  collapsed,
  onToggle,
  matches,
}: {
  tree: TraceTree;
  rows: readonly SpanNode[];
  view: "tree" | "waterfall";
  selectedId: string | null;
  onSelect: (spanId: string) => void;
  collapsed: ReadonlySet<string>;
  onToggle: (spanId: string) => void;
  matches: ReadonlySet<string>;
}) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    scrollPaddingStart: ROW_PX,
  });
  const selected = rows.findIndex((node) => node.span.spanId === selectedId);
  useEffect(() => {
    if (selected >= 0) virtualizer.scrollToIndex(selected, { align: "auto" });
  }, [selected, virtualizer]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nextRow(event.key);
    if (next === null) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (row !== undefined) onSelect(row.span.spanId);
  };

  /** Where a key leads, or null when it leads nowhere; left and right may open or close on the way. */
  function nextRow(key: string): number | null {
    const node = rows[selected];
    const isOpen = node !== undefined && node.children.length > 0 && !collapsed.has(node.span.spanId);
    if (key === "ArrowRight" && node !== undefined && node.children.length > 0) {
      if (isOpen) return selected + 1;
      onToggle(node.span.spanId);
      return selected;
    }
    if (key === "ArrowLeft" && node !== undefined) {
      if (!isOpen) return node.parent === null ? selected : rows.indexOf(node.parent);
      onToggle(node.span.spanId);
      return selected;
    }
    const moves: Record<string, number> = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + PAGE_ROWS,
      PageUp: selected - PAGE_ROWS,
      Home: 0,
      End: rows.length - 1,
    };
    return moves[key] ?? null;
  }

  const columns = view === "tree" ? spanColumns(width ?? Number.POSITIVE_INFINITY) : [];
  const nameShare = (width ?? 0) > 700 ? 0.38 : 0.46;
  const nameWidth = view === "tree" ? "minmax(12rem, 1fr)" : `minmax(12rem, ${nameShare * 100}%)`;
  const scale = timeScale(tree.durationNs, (width ?? 0) * (1 - nameShare));
  const gridTemplateColumns = [nameWidth, ...(view === "tree" ? columns.map((column) => column.width) : ["minmax(0, 1fr)"])].join(" ");
  const items = virtualizer.getVirtualItems();
  const isSelectedShown = items.some((item) => item.index === selected);

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto bg-surface">
      <Grid
        isTree
        aria-label={view === "tree" ? "Spans" : "Spans over time"}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={isSelectedShown ? `${id}-${selected}` : undefined}
        onKeyDown={onKeyDown}
        className="group/tree outline-none"
      >
        <GridRow
          aria-rowindex={1}
          style={{ gridTemplateColumns }}
          className="sticky top-0 z-10 grid h-7 items-center border-b border-line bg-canvas text-xs font-medium text-faint"
        >
          <GridHeader className="px-3">Span</GridHeader>
          {view === "waterfall" && <TimeAxis scale={scale} />}
          {columns.map((column) => (
            <GridHeader key={column.id} className={classNames("px-2 last:pr-4", column.isNumber && "text-right")}>
              {column.header}
            </GridHeader>
          ))}
        </GridRow>
        <GridBody className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const node = rows[item.index];
            if (node === undefined) return null;
            const { spanId } = node.span;
            const isSelected = item.index === selected;
            const siblings = node.parent?.children;
            return (
              <GridRow
                key={spanId}
                id={`${id}-${item.index}`}
                aria-rowindex={item.index + 2}
                aria-level={node.depth + 1}
                aria-selected={isSelected}
                {...(node.children.length > 0 ? { "aria-expanded": !collapsed.has(spanId) } : {})}
                {...(siblings === undefined ? {} : { "aria-setsize": siblings.length, "aria-posinset": siblings.indexOf(node) + 1 })}
                data-span={spanId}
                onClick={() => onSelect(spanId)}
                style={{ gridTemplateColumns, transform: `translateY(${item.start}px)` }}
                className={classNames(
                  "absolute inset-x-0 top-0 grid h-7 cursor-pointer items-center hover:bg-hover",
                  matches.has(spanId) && "bg-caution-soft",
                  isSelected && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)] hover:bg-accent-soft",
                  isSelected &&
                    "group-focus-visible/tree:outline-2 group-focus-visible/tree:-outline-offset-2 group-focus-visible/tree:outline-accent",
                )}
              >
                <SpanNameCell node={node} isCollapsed={collapsed.has(spanId)} onToggle={onToggle} />
                {view === "waterfall" && <WaterfallBar node={node} scale={scale} />}
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
          })}
        </GridBody>
      </Grid>
    </div>
  );
}
