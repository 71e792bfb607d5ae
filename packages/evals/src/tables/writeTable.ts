import { AppError } from "@signalbox/model";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { csvCell } from "../datasets/files/rows/csv.ts";

/** A column of a table. Of `json` Parquet has the text; CSV has the text of everything. */
export interface Column {
  readonly name: string;
  readonly kind: "text" | "json" | "number" | "boolean";
}

/** A row by the names of its columns; what is not there says nothing. */
export type Row = Readonly<Record<string, unknown>>;

/** Parquet is made of groups of so many rows. */
const ROWS_PER_GROUP = 5_000;

const PARQUET_TYPES = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  json: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
} as const satisfies Record<Column["kind"], object>;

async function* jsonLines(_: readonly Column[], rows: AsyncIterable<Row>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

async function* csv(columns: readonly Column[], rows: AsyncIterable<Row>): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => csvCell(name)).join(",")}\r\n`;
  for await (const row of rows) yield `${columns.map(({ name }) => csvCell(row[name])).join(",")}\r\n`;
}

function parquetCell({ kind }: Column, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (kind === "json") return JSON.stringify(value);
  return kind === "text" ? String(value) : value;
}

/** The file is put together in memory, compressed. */
async function* parquet(columns: readonly Column[], rows: AsyncIterable<Row>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const schema = [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, kind }) => ({ name, repetition_type: "OPTIONAL" as const, ...PARQUET_TYPES[kind] })),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema });
  let group: Row[] = [];
  const flush = async (): Promise<void> => {
    const columnData = columns.map((column) => ({ name: column.name, data: group.map((row) => parquetCell(column, row[column.name])) }));
    if (group.length > 0) await writer.write({ columnData });
    group = [];
  };
  for await (const row of rows) {
    group.push(row);
    if (group.length === ROWS_PER_GROUP) await flush();
  }
  await flush();
  await writer.finish();
  yield bytes.getBytes();
}

/** How each kind of file is written, by the end of its name. */
const WRITERS: Readonly<Record<string, (columns: readonly Column[], rows: AsyncIterable<Row>) => AsyncIterable<string | Uint8Array>>> = {
  jsonl: jsonLines,
  csv,
  parquet,
};

/** Rows as the content of a file, of the kind that the end of its name says; JSON Lines have the rows as they are. Throws `invalid_input` for a name of another kind. */
export function writeTable(name: string, columns: readonly Column[], rows: AsyncIterable<Row>): AsyncIterable<string | Uint8Array> {
  const write = WRITERS[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
  if (write === undefined)
    throw new AppError("invalid_input", `${name} is of no kind that can be written.`, {
      hint: `Kinds are ${Object.keys(WRITERS).join(", ")}.`,
    });
  return write(columns, rows);
}
