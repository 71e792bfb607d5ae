"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef } from "react";
import { classNames } from "../../../../components/ui/classNames.ts";
import { useWidth } from "../../../../components/ui/layout/useWidth.ts";
import { Grid, GridBody, GridHeader, GridRow } from "../../../../components/ui/table/gridParts.tsx";
import { SpanRow } from "./SpanRow.tsx";
import { spanColumns } from "./spanColumns.tsx";
import type { SpanNode, TraceTree } from "./traceTree.ts";
import { TimeAxis, TimeLines, timeScale } from "./Waterfall.tsx";

const ROW_PX = 28;
const OVERSCAN_ROWS = 16;
const PAGE_ROWS = 12;

/**
 * A trace's spans as rows, with their figures (`tree`) or on the trace's time (`waterfall`). Only visible rows are in the document. One tab
 * stop; arrows walk and open or close, Home and End go to the ends.
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
  const selected = useMemo(() => rows.findIndex((node) => node.span.spanId === selectedId), [rows, selectedId]);
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

  /** The row to which a key leads, or null; left and right may open or close a row instead. */
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

  // The props of rows keep their identity while scrolling, so that rows that stay visible are not rendered again.
  const columns = useMemo(() => (view === "tree" ? spanColumns(width ?? Number.POSITIVE_INFINITY) : []), [view, width]);
  const nameShare = (width ?? 0) > 700 ? 0.38 : 0.46;
  const nameWidth = view === "tree" ? "minmax(12rem, 1fr)" : `minmax(12rem, ${nameShare * 100}%)`;
  const timeWidth = (width ?? 0) * (1 - nameShare);
  const scale = useMemo(() => (view === "waterfall" ? timeScale(tree.durationNs, timeWidth) : null), [view, tree, timeWidth]);
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
          {scale !== null && <TimeAxis scale={scale} />}
          {columns.map((column) => (
            <GridHeader key={column.id} className={classNames("px-2 last:pr-4", column.isNumber && "text-right")}>
              {column.header}
            </GridHeader>
          ))}
        </GridRow>
        <GridBody className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {scale !== null && (
            <div aria-hidden className="pointer-events-none absolute inset-0 grid" style={{ gridTemplateColumns }}>
              <span />
              <TimeLines scale={scale} />
            </div>
          )}
          {items.map((item) => {
            const node = rows[item.index];
            if (node === undefined) return null;
            const { spanId } = node.span;
            return (
              <SpanRow
                key={spanId}
                id={`${id}-${item.index}`}
                index={item.index}
                startPx={item.start}
                node={node}
                columns={columns}
                scale={scale}
                gridTemplateColumns={gridTemplateColumns}
                isSelected={item.index === selected}
                isCollapsed={collapsed.has(spanId)}
                isMatch={matches.has(spanId)}
                onSelect={onSelect}
                onToggle={onToggle}
              />
            );
          })}
        </GridBody>
      </Grid>
    </div>
  );
}
