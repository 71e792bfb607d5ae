import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";

/**
 * A column of a short table. An `isSpare` column is left out where there is little room; an `isElastic` one takes the remaining room and
 * truncates its text.
 */
export type SimpleColumn<Row> = {
  id: string;
  header: ReactNode;
  align?: "end";
  isSpare?: true;
  isElastic?: true;
  cell: (row: Row) => ReactNode;
};

/** Makes an element focusable while its content overflows, so that it can be scrolled by keyboard. */
function scrolledByKeyboard(element: HTMLDivElement): () => void {
  const observer = new ResizeObserver(() => {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  });
  for (const one of [element, ...element.children]) observer.observe(one);
  return () => observer.disconnect();
}

/** A few rows under a header; for longer lists use `DataTable`. `label` names it for screen readers. */
export function SimpleTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  isCurrent = () => false,
}: {
  label: string;
  columns: readonly SimpleColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  isCurrent?: (row: Row) => boolean;
}) {
  const cellClass = (column: SimpleColumn<Row>): string =>
    classNames(
      "px-3 first:pl-4 last:pr-4",
      column.align === "end" ? "text-right tabular-nums whitespace-nowrap" : "text-left",
      column.isSpare === true && "@max-4xl:hidden",
      column.isElastic === true && "w-full max-w-0 min-w-28 truncate",
    );
  return (
    // Positioned, so that content for screen readers is placed within it: otherwise it would widen the page.
    <div ref={scrolledByKeyboard} className="@container relative overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse">
        <thead>
          <tr className="h-8 border-b border-line bg-canvas text-xs text-faint">
            {columns.map((column) => (
              <th key={column.id} scope="col" className={classNames(cellClass(column), "whitespace-nowrap font-medium")}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={classNames(
                "relative h-9 border-b border-line/60 last:border-0 hover:bg-hover",
                isCurrent(row) && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)] hover:bg-accent-soft",
              )}
            >
              {columns.map((column) => (
                <td key={column.id} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
