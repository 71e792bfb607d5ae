import type { ComponentProps } from "react";

/*
 * The parts of an ARIA grid. They are not elements of a <table>, which would have to lay out rows out of view; and they are not focusable
 * one by one, since the grid has the focus and names its current row.
 */

type Part = Omit<ComponentProps<"div">, "role">;

/** The grid itself, which is one tab stop. */
export function Grid({ isTree = false, ...rest }: Part & { isTree?: boolean }) {
  return <div role={isTree ? "treegrid" : "grid"} tabIndex={0} {...rest} />;
}

/** A row; also used for the header. */
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

/** A column header. */
export function GridHeader(props: Part) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div role="columnheader" {...props} />;
}

/** A cell with one value of a row. */
export function GridCell(props: Part) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: see above
  return <div role="gridcell" {...props} />;
}
