import type { TableRows } from "@signalbox/model";
import { countText } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";

/** When the bytes are gone too, and what is not covered. */
const AFTERWARDS =
  "Nobody finds them any more; their bytes leave the disk within ten minutes, and charts follow within minutes. What arrives of a trace afterwards is a trace of its own.";

/** What went, or would go. */
export function erasedText(tables: readonly TableRows[], isDryRun: boolean): string {
  if (tables.length === 0) return "There is nothing of it.";
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const all = textTable(tables.map(({ table, rows: count }) => [table, countText(count)]));
  return isDryRun ? `${all}\n${rows} rows would be erased.` : `${all}\n${rows} rows are erased. ${AFTERWARDS}`;
}
