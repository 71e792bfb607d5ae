import type { TableRows } from "@signalbox/model";
import { countText } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";

/** A note on when the bytes are gone too, and on what an erasure does not cover. */
const AFTERWARDS =
  "Nobody finds them any more; their bytes leave the disk within ten minutes, and charts follow within minutes. What arrives of a trace afterwards is a trace of its own.";

/** The deleted rows, or with a dry run those that would be. */
export function erasedText(tables: readonly TableRows[], isDryRun: boolean): string {
  if (tables.length === 0) return "There is nothing of it.";
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const all = textTable(tables.map(({ table, rows: count }) => [table, countText(count)]));
  return isDryRun ? `${all}\n${rows} rows would be erased.` : `${all}\n${rows} rows are erased. ${AFTERWARDS}`;
}
