import { AppError } from "@signalbox/model";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { csvCell } from "../datasets/files/rows/csv.ts";

/**
 * A column of a table: `of` computes its value from a row, by default the member with the column's
 * name; missing values are empty. Parquet stores `json` as its text; CSV stores everything as text.
 */
export interface Column<Row = Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly kind: "text" | "json" | "number" | "boolean";
  readonly of?: (row: Row) => unknown;
}

function valueIn<Row extends object>({ name, of }: Column<Row>, row: Row): unknown {
  return of === undefined ? row[name as keyof Row] : of(row);
}

/** The size of Parquet's row groups: this many rows, or fewer with about this many bytes of text. */
const GROUP = { rowsMax: 5_000, bytesMax: 32_000_000 } as const;

const PARQUET_TYPES = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  json: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
} as const satisfies Record<Column["kind"], object>;

/** Formats a value as a cell of CSV. */
type CsvCell = (value: unknown) => string;

/** A cell that no spreadsheet takes for a formula: one that would be is prefixed with an apostrophe. */
export function safeCsvCell(value: unknown): string {
  return csvCell(typeof value === "string" && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value);
}

async function* jsonLines<Row extends object>(_: readonly Column<Row>[], rows: AsyncIterable<Row>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

async function* csv<Row extends object>(columns: readonly Column<Row>[], rows: AsyncIterable<Row>, cell: CsvCell): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => cell(name)).join(",")}\r\n`;
  for await (const row of rows) yield `${columns.map((column) => cell(valueIn(column, row))).join(",")}\r\n`;
}

function parquetCell(kind: Column["kind"], value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (kind === "json") return JSON.stringify(value);
  return kind === "text" ? String(value) : value;
}

/**
 * Takes the bytes that a writer has gathered. The writer still knows its offset in the file, which the footer needs to locate each group.
 */
function taken(bytes: ByteWriter): Uint8Array {
  const gathered = bytes.getBytes().slice();
  bytes.index = 0;
  return gathered;
}

/** The file as a stream of compressed row groups; at most one group of rows is in memory. */
async function* parquet<Row extends object>(columns: readonly Column<Row>[], rows: AsyncIterable<Row>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const schema = [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, kind }) => ({ name, repetition_type: "OPTIONAL" as const, ...PARQUET_TYPES[kind] })),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema });
  for await (const group of rowGroups(columns, rows)) {
    const columnData = columns.map(({ name }, at) => ({ name, data: group.map((cells) => cells[at]) }));
    await writer.write({ columnData, rowGroupSize: GROUP.rowsMax });
    yield taken(bytes);
  }
  await writer.finish();
  yield taken(bytes);
}

/** The cells of rows, in groups. */
async function* rowGroups<Row extends object>(columns: readonly Column<Row>[], rows: AsyncIterable<Row>): AsyncGenerator<unknown[][]> {
  let group: unknown[][] = [];
  let groupBytes = 0;
  for await (const row of rows) {
    const cells = columns.map((column) => parquetCell(column.kind, valueIn(column, row)));
    group.push(cells);
    for (const cell of cells) if (typeof cell === "string") groupBytes += cell.length;
    if (group.length < GROUP.rowsMax && groupBytes < GROUP.bytesMax) continue;
    yield group;
    [group, groupBytes] = [[], 0];
  }
  if (group.length > 0) yield group;
}

/** Writers by file extension. */
const WRITERS = { jsonl: jsonLines, csv, parquet } as const;

/**
 * Rows as the content of a file of the kind given by its extension; JSON Lines contain the rows
 * unchanged, and CSV the cells as formatted by `cell`. Throws `invalid_input` for a name of another kind.
 */
export function writeTable<Row extends object>(
  name: string,
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row>,
  cell: CsvCell = csvCell,
): AsyncIterable<string | Uint8Array> {
  const kind = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (!Object.hasOwn(WRITERS, kind))
    throw new AppError("invalid_input", `${name} is of no kind that can be written.`, {
      hint: `Kinds are ${Object.keys(WRITERS).join(", ")}.`,
    });
  return WRITERS[kind as keyof typeof WRITERS](columns, rows, cell);
}
