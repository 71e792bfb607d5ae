import { expect, test } from "vitest";
import type { AlignedRow } from "./alignRuns.ts";
import { changedRows, type RowChange } from "./changedRows.ts";

const aRow = (itemId: string, ...changes: Record<string, number>[]): AlignedRow => ({ itemId, cells: [], changes });
const rows = [aRow("both", { exact: -1 }, { exact: 1, f1: 0.5 }), aRow("lost", { f1: -0.5 }, {}), aRow("same", {}, {})];

test.each<[RowChange, string | null, string[]]>([
  ["all", null, ["both", "lost", "same"]],
  ["regressed", null, ["both", "lost"]],
  ["regressed", "exact", ["both"]],
  ["improved", null, ["both"]],
  ["improved", "unknown", []],
])("%s by %s: a change in any candidate counts", (change, metric, items) => {
  expect(changedRows(rows, change, metric).map(({ itemId }) => itemId)).toEqual(items);
});
