import type { ReactNode } from "react";
import { classNames } from "./classNames.ts";

/**
 * A column of a table that is short enough to be in the document whole. One that `isSpare` is left out where there is little room, one that
 * `isElastic` has the room that the others leave and cuts its text.
 */
export type SimpleColumn<Row> = {
  id: string;
  header: ReactNode;
  align?: "end";
  isSpare?: true;
  isElastic?: true;
  cell: (row: Row) => ReactNode;
};

/** What does not fit can be reached by keyboard; what fits is no stop on the way. */
function scrolledByKeyboard(element: HTMLDivElement): () => void {
  const observer = new ResizeObserver(() => {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  });
  for (const one of [element, ...element.children]) observer.observe(one);
  return () => observer.disconnect();
}

/** A few rows under a header; a longer list belongs into a `DataTable`. `label` names it for screen readers. */
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
    // What is there for screen readers alone is placed within it: it would make the page wider else.
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
