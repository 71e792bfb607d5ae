import type { RouterOutputs } from "@signalbox/api/client";
import type { CHANGES } from "./evalLinks.ts";

export type Compared = RouterOutputs["evalRuns"]["compare"];
export type ComparedRow = Compared["rows"][number];
export type Change = (typeof CHANGES)[number];

/** Whether a row has such a change of a scorer (null: of any), in any candidate. */
export function hasChange({ changes }: ComparedRow, change: Change, metric: string | null): boolean {
  if (change === "all") return true;
  const isMeant = (value: number): boolean => (change === "regressed" ? value < 0 : value > 0);
  return changes.some((one) => Object.entries(one).some(([name, value]) => (metric === null || name === metric) && isMeant(value)));
}

/** The rows with such a change. */
export function rowsWith(rows: readonly ComparedRow[], change: Change, metric: string | null): ComparedRow[] {
  return rows.filter((row) => hasChange(row, change, metric));
}
