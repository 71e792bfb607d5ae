import { AppError } from "@signalbox/model";
import type { DatasetFile, DatasetRows } from "../datasetFile.ts";
import { csvRows } from "./csv.ts";
import { jsonRows } from "./json.ts";
import { jsonLineRows } from "./jsonLines.ts";
import { parquetRows } from "./parquet.ts";

/** Readers by file extension. */
const READERS: Readonly<Record<string, (file: DatasetFile) => Promise<DatasetRows>>> = {
  jsonl: jsonLineRows,
  ndjson: jsonLineRows,
  json: jsonRows,
  csv: csvRows,
  parquet: parquetRows,
};

/** The file extensions that can be read. */
export const DATASET_FILE_KINDS: readonly string[] = Object.keys(READERS);

/** The rows of a file, uninterpreted. Throws `invalid_input` for a file of another kind, or a broken one. */
export async function rowsOf(file: DatasetFile): Promise<DatasetRows> {
  const read = READERS[file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase()];
  if (read === undefined)
    throw new AppError("invalid_input", `${file.name} is of no kind that items are read from.`, {
      hint: `Kinds are ${DATASET_FILE_KINDS.join(", ")}.`,
    });
  return read(file);
}
