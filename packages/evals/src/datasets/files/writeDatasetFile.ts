import type { DatasetItem } from "@signalbox/model";
import { type Column, writeTable } from "../../tables/writeTable.ts";

/** The fields of an item in a file, in the order of its columns. */
const COLUMNS = [
  { name: "id", kind: "text" },
  { name: "input", kind: "json" },
  { name: "expectedOutput", kind: "json" },
  { name: "expectedToolCalls", kind: "json" },
  { name: "expectedState", kind: "json" },
  { name: "metadata", kind: "json" },
  { name: "split", kind: "text" },
  { name: "source", kind: "json" },
] as const satisfies readonly (Column & { name: keyof DatasetItem })[];

/** The fields of an item with its id; empty ones are left out. */
function rowOf(item: DatasetItem): Readonly<Record<string, unknown>> {
  const { metadata } = item;
  const told = COLUMNS.map(({ name }): [string, unknown] => [name, item[name]]).filter(([, value]) => value !== null);
  return Object.fromEntries(told.filter(([column]) => column !== "metadata" || Object.keys(metadata).length > 0));
}

async function* rowsOf(items: AsyncIterable<DatasetItem>): AsyncGenerator<Readonly<Record<string, unknown>>> {
  for await (const item of items) yield rowOf(item);
}

/**
 * Items as the content of a file that `readDatasetFile` reads back to the same items (except that
 * CSV turns numbers and booleans into texts). Throws `invalid_input` for a name of another kind.
 */
export function writeDatasetFile(name: string, items: AsyncIterable<DatasetItem>): AsyncIterable<string | Uint8Array> {
  return writeTable(name, COLUMNS, rowsOf(items));
}
