import { columnsOf, type TelemetryInsert } from "../clickhouse/index.ts";
import { readBlock } from "./readBlock.ts";

/** The rows of an insert by column, in order. */
export function rowsOfInsert({ table, body }: Pick<TelemetryInsert, "table" | "body">): Record<string, unknown>[] {
  if (table === "spans") return readBlock(body);
  const columns = columnsOf(table);
  const lines = Buffer.concat([...body])
    .toString()
    .split("\n")
    .filter(Boolean);
  return lines.map((line) => Object.fromEntries((JSON.parse(line) as unknown[]).map((value, column) => [columns[column], value])));
}
