import type { AlignedRow } from "./alignRuns.ts";

/** Filters for the rows of a comparison: all, or those that lost or gained in some candidate. */
export const ROW_CHANGES = ["all", "regressed", "improved"] as const;
export type RowChange = (typeof ROW_CHANGES)[number];

/** Whether a row has such a change of a scorer (null: of any), in any candidate. */
function hasChange({ changes }: AlignedRow, change: RowChange, metric: string | null): boolean {
  if (change === "all") return true;
  const isMeant = (value: number): boolean => (change === "regressed" ? value < 0 : value > 0);
  return changes.some((one) => Object.entries(one).some(([name, value]) => (metric === null || name === metric) && isMeant(value)));
}

/** The rows with such a change, in their order. */
export function changedRows(rows: readonly AlignedRow[], change: RowChange, metric: string | null): AlignedRow[] {
  return rows.filter((row) => hasChange(row, change, metric));
}
