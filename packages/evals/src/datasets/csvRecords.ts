import { AppError } from "@signalbox/model";

/** A record of a CSV file and the line (from 1) on which it begins. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** One cell and what ends it: quoted, with `""` for a quote inside, or plain. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

const countBreaks = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/**
 * The records of a CSV file (RFC 4180): commas, and quotes where a cell has a comma, a
 * quote or a line break. Empty lines are skipped. Throws `invalid_input` with the line.
 */
export function csvRecords(file: string, text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let [at, line] = [text.startsWith("\uFEFF") ? 1 : 0, 1];
  let record: CsvRecord = { line, cells: [] };
  while (at < text.length || record.cells.length > 0) {
    CELL.lastIndex = at;
    const cell = CELL.exec(text);
    if (cell === null) {
      const why =
        text[at] === '"'
          ? "a quoted cell does not end, or something stands between its end and the next comma"
          : "a quote stands inside a cell that is not quoted";
      throw new AppError("invalid_input", `${file}, line ${line}: ${why}`, {
        hint: 'A cell with a quote in it is quoted, and the quote written twice: "say ""hello""".',
      });
    }
    const [whole, quoted, plain, end] = cell;
    record.cells.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    at += whole.length;
    line += countBreaks(whole);
    if (end === ",") continue;
    if (record.cells.length > 1 || record.cells[0] !== "") records.push(record);
    record = { line, cells: [] };
  }
  return records;
}
