import type { ComponentProps } from "react";

/*
 * The parts of an ARIA grid. Not the elements of a <table>, which would have to lay out the rows that are not in sight;
 * and not focusable one by one, because the grid has the focus and names its current row.
 */

type Part = Omit<ComponentProps<"div">, "role">;

/** The grid itself: one tab stop. */
export function Grid({ isTree = false, ...rest }: Part & { isTree?: boolean }) {
  return <div role={isTree ? "treegrid" : "grid"} tabIndex={0} {...rest} />;
}

/** A row, of the header too. */
export function GridRow(props: Part) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div role="row" {...props} />;
}

/** The rows below the header. */
export function GridBody(props: Part) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  return <div role="rowgroup" {...props} />;
}

/** What a column is called. */
export function GridHeader(props: Part) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div role="columnheader" {...props} />;
}

/** One value of a row. */
export function GridCell(props: Part) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div role="gridcell" {...props} />;
}
