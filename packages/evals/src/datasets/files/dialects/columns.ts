import { DatasetItemContent, DatasetItemId } from "@signalbox/model";
import { z } from "zod";
import { type Dialect, itemOf, LooseId } from "./dialect.ts";

/** The columns of a table that hold the input, and those that hold the expectation. */
export interface ColumnChoice {
  input: readonly string[];
  expected: readonly string[];
}

const Table = z.record(z.string(), z.unknown());

/** The value of one column, or an object of several. Throws a `ZodError` where a column is empty. */
function columnValue(row: Record<string, unknown>, columns: readonly string[]): unknown {
  const missing = columns.find((column) => row[column] === undefined || row[column] === null);
  if (missing !== undefined) throw new z.ZodError([{ code: "custom", path: [missing], message: "is missing", input: row }]);
  const [only, ...more] = columns;
  return more.length === 0 && only !== undefined ? row[only] : Object.fromEntries(columns.map((column) => [column, row[column]]));
}

/** Any table with chosen columns; `id` and `split` have their usual meaning, and every other column is metadata. */
export function columns({ input, expected }: ColumnChoice): Dialect {
  return {
    name: "columns",
    knows: () => true,
    read(row) {
      const table = Table.parse(row);
      const used = new Set([...input, ...expected, "id", "split"]);
      const id = LooseId.pipe(DatasetItemId.optional()).parse([...input, ...expected].includes("id") ? undefined : table.id);
      const content = {
        input: columnValue(table, input),
        expectedOutput: expected.length === 0 ? null : columnValue(table, expected),
        metadata: Object.fromEntries(Object.entries(table).filter(([column]) => !used.has(column))),
        split: table.split ?? null,
      };
      return itemOf(id, DatasetItemContent.parse(content));
    },
  };
}
