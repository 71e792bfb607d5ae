import { AppError } from "@signalbox/model";
import type { DatasetFile, DatasetRows, PlacedRow } from "../datasetFile.ts";

async function* rowsOf(file: DatasetFile): AsyncGenerator<PlacedRow> {
  let number = 0;
  for await (const line of file.lines()) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/, "") : line;
    if (text.trim() !== "") yield { place: `line ${number}`, value: parsedLine(file.name, number, text) };
  }
}

function parsedLine(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", `${file}, line ${line}: this is not valid JSON.`, {
      cause,
      hint: "Each line of the file is one JSON value.",
    });
  }
}

/** JSON Lines: read line by line, however long the file is. */
export async function jsonLineRows(file: DatasetFile): Promise<DatasetRows> {
  let count = 0;
  for await (const line of file.lines()) if (line.trim() !== "") count += 1;
  return { count, rows: rowsOf(file) };
}
