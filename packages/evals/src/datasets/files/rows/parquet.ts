import { AppError, errorMessage } from "@signalbox/model";
import { type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { DatasetFile, DatasetRows, PlacedRow } from "../datasetFile.ts";
import { cellValue } from "./cellValue.ts";

/** The number of rows in memory at once. */
const ROWS_AT_ONCE = 1_000;

/** A value as plain JSON. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

async function* rowsOf(file: DatasetFile, metadata: FileMetaData, count: number): AsyncGenerator<PlacedRow> {
  for (let rowStart = 0; rowStart < count; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rowStart + ROWS_AT_ONCE, count);
    const rows = await reading(file, parquetReadObjects({ file: file.bytes, metadata, rowStart, rowEnd, compressors }));
    for (const [index, row] of rows.entries()) {
      const told = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
      yield {
        place: `row ${rowStart + index + 1}`,
        value: Object.fromEntries(told.map(([name, value]) => [name, cellValue(plain(value))])),
      };
    }
  }
}

async function reading<T>(file: DatasetFile, read: Promise<T>): Promise<T> {
  return read.catch((cause: unknown) => {
    throw new AppError("invalid_input", `${file.name} cannot be read as Parquet: ${errorMessage(cause)}.`, { cause });
  });
}

/** Apache Parquet, read some rows at a time. */
export async function parquetRows(file: DatasetFile): Promise<DatasetRows> {
  const metadata = await reading(file, parquetMetadataAsync(file.bytes));
  const count = Number(metadata.num_rows);
  return { count, rows: rowsOf(file, metadata, count) };
}
