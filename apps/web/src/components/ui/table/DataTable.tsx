"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { useShortcuts } from "../../../shortcuts/index.ts";
import { classNames } from "../classNames.ts";
import { useWidth } from "../layout/useWidth.ts";
import { Grid, GridBody, GridCell, GridHeader, GridRow } from "./gridParts.tsx";
import { type Selection, useRowSelection } from "./rowSelection.tsx";

const ROW_PX = 32;
const OVERSCAN_ROWS = 12;
const PAGE_ROWS = 10;

/**
 * A column. `width` is a CSS grid track whose first length, in rem, is its minimum; in a table narrower than `hideBelowPx` the column is
 * left out.
 */
export type Column<Row> = {
  id: string;
  header: ReactNode;
  width: string;
  align?: "end";
  hideBelowPx?: number;
  cell: (row: Row) => ReactNode;
};

/**
 * Rows under a header that stays, as many as one likes: only those in sight are in the document. One tab
 * stop; arrows, J and K move the current row, Enter opens it. With a `selection` there is a checkbox before each
 * row: X is the current one's, a click on one makes its row the current one, Shift with an arrow or a click chooses
 * several, and the header's chooses all that are loaded. `label` names the table for screen readers, `footer`
 * follows the last row, `onNearEnd` is told that the last of these rows comes into sight, so that more can be loaded.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  onOpen,
  selection,
  footer,
  onNearEnd,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  onOpen: (row: Row) => void;
  selection?: Selection<Row>;
  footer?: ReactNode;
  onNearEnd?: () => void;
}) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const [currentKey, setCurrentKey] = useState<string | null>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    scrollPaddingStart: ROW_PX,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
  });

  const current = currentKey === null ? -1 : rows.findIndex((row) => rowKey(row) === currentKey);
  const moveTo = (index: number): void => {
    const target = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[target];
    if (row === undefined) return;
    setCurrentKey(rowKey(row));
    virtualizer.scrollToIndex(target, { align: "auto" });
  };
  const open = (): void => {
    const row = rows[current];
    if (row !== undefined) onOpen(row);
  };
  const chosen = useRowSelection(selection, rows, rowKey, setCurrentKey);
  /** Moves to a row, and leaves the selection as it is. */
  const goTo = (index: number): void => {
    chosen?.moved();
    moveTo(index);
  };
  useShortcuts({
    ...{ next: () => goTo(current + 1), previous: () => goTo(current < 0 ? 0 : current - 1), open },
    ...(chosen === null ? {} : { selectRow: () => chosen.toggle(current), selectAll: chosen.toggleAll }),
  });

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + PAGE_ROWS,
      PageUp: current - PAGE_ROWS,
      Home: 0,
      End: rows.length - 1,
    };
    const target = moves[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.shiftKey) chosen?.extend(current, Math.max(0, Math.min(rows.length - 1, target)));
    else chosen?.moved();
    moveTo(target);
  };

  const withSelection: readonly Column<Row>[] = chosen === null ? columns : [chosen.column, ...columns];
  const shownColumns = withSelection.filter((column) => column.hideBelowPx === undefined || width === null || width >= column.hideBelowPx);
  const gridTemplateColumns = shownColumns.map((column) => column.width).join(" ");
  const leastRem = shownColumns.reduce((sum, column) => sum + Number(/[\d.]+(?=rem)/.exec(column.width)?.[0] ?? 0), 0);
  const items = virtualizer.getVirtualItems();
  const nearEnd = useEffectEvent(() => onNearEnd?.());
  const isNearEnd = (items.at(-1)?.index ?? -1) >= rows.length - 1;
  // If the end is still visible after loading more rows, it is reported again.
  useEffect(() => {
    if (isNearEnd && rows.length > 0) nearEnd();
  }, [isNearEnd, rows.length]);
  const isCurrentShown = items.some((item) => item.index === current);
  /** Adjacent columns aligned towards each other get more space between them. */
  const cellClass = (column: Column<Row>, index: number): string =>
    classNames(
      "flex min-w-0 items-center px-2 first:pl-4 last:pr-4",
      column.align === "end" ? "justify-end text-right tabular-nums" : shownColumns[index - 1]?.align === "end" && "pl-5",
    );

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto bg-surface">
      <Grid
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={shownColumns.length}
        aria-activedescendant={isCurrentShown ? `${id}-${current}` : undefined}
        onKeyDown={onKeyDown}
        // Rows are positioned over one another, so none of them gives the table its width.
        style={{ minWidth: `${leastRem}rem` }}
        className="group/grid outline-none"
      >
        <GridRow
          aria-rowindex={1}
          style={{ gridTemplateColumns }}
          className="sticky top-0 z-10 grid h-8 border-b border-line bg-canvas text-xs font-medium text-faint"
        >
          {shownColumns.map((column, index) => (
            <GridHeader key={column.id} className={cellClass(column, index)}>
              {column.header}
            </GridHeader>
          ))}
        </GridRow>
        <GridBody className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <GridRow
                key={item.key}
                id={`${id}-${item.index}`}
                aria-rowindex={item.index + 2}
                aria-selected={item.index === current}
                style={{ gridTemplateColumns, transform: `translateY(${item.start}px)` }}
                className={classNames(
                  "absolute inset-x-0 top-0 grid h-8 border-b border-line/60 hover:bg-hover",
                  item.index === current && "bg-accent-soft hover:bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]",
                  item.index === current &&
                    "group-focus-visible/grid:outline-2 group-focus-visible/grid:-outline-offset-2 group-focus-visible/grid:outline-accent",
                )}
              >
                {shownColumns.map((column, index) => (
                  <GridCell key={column.id} className={cellClass(column, index)}>
                    {column.cell(row)}
                  </GridCell>
                ))}
              </GridRow>
            );
          })}
        </GridBody>
      </Grid>
      {footer}
    </div>
  );
}
