import { AppError } from "@signalbox/model";
import { csvRecords } from "../../csvRecords.ts";
import type { DatasetFile, DatasetRows } from "../datasetFile.ts";
import { cellValue } from "./cellValue.ts";

/** A value as a cell that `csvRows` reads back; numbers and booleans become texts. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && cellValue(value) === value ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** CSV (RFC 4180) with a header. Empty cells have no value. */
export async function csvRows(file: DatasetFile): Promise<DatasetRows> {
  const [header, ...records] = csvRecords(file.name, await file.text());
  const names = header?.cells.map((name) => name.trim()) ?? [];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new AppError("invalid_input", `${file.name}, line 1: the header names the column ${twice} twice.`);
  const rows = records.map(({ line, cells }) => {
    if (cells.length !== names.length)
      throw new AppError(
        "invalid_input",
        `${file.name}, line ${line}: there are ${cells.length} cells, and the header names ${names.length} columns.`,
      );
    const filled = names.flatMap((name, at): [string, unknown][] => (cells[at] === "" ? [] : [[name, cellValue(cells[at] ?? "")]]));
    return { place: `line ${line}`, value: Object.fromEntries(filled) };
  });
  return { count: rows.length, rows };
}
