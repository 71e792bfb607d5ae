import { AppError, type DatasetItem } from "@signalbox/model";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { csvCell } from "./rows/csv.ts";

/** What a file has of an item, in the order of its columns. */
const COLUMNS = ["id", "input", "expectedOutput", "expectedToolCalls", "expectedState", "metadata", "split", "source"] as const;

/** Parquet is made of groups of so many rows. */
const ROWS_PER_GROUP = 5_000;

/** What an item says, under its id; what nobody said is left out. */
function rowOf(item: DatasetItem): Record<string, unknown> {
  const { metadata } = item;
  const told = COLUMNS.map((column): [string, unknown] => [column, item[column]]).filter(([, value]) => value !== null);
  return Object.fromEntries(told.filter(([column]) => column !== "metadata" || Object.keys(metadata).length > 0));
}

async function* jsonLines(items: AsyncIterable<DatasetItem>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(rowOf(item))}\n`;
}

async function* csv(items: AsyncIterable<DatasetItem>): AsyncGenerator<string> {
  yield `${COLUMNS.join(",")}\r\n`;
  for await (const item of items) {
    const row = rowOf(item);
    yield `${COLUMNS.map((column) => csvCell(row[column])).join(",")}\r\n`;
  }
}

/** Every column is a text, of JSON but for `id` and `split`; the file is put together in memory, compressed. */
async function* parquet(items: AsyncIterable<DatasetItem>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const schema = [
    { name: "root", num_children: COLUMNS.length },
    ...COLUMNS.map((name) => ({
      name,
      type: "BYTE_ARRAY" as const,
      converted_type: "UTF8" as const,
      repetition_type: "OPTIONAL" as const,
    })),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema });
  let group: Record<string, unknown>[] = [];
  const flush = async (): Promise<void> => {
    const columnData = COLUMNS.map((name) => ({ name, data: group.map((row) => parquetCell(name, row[name])) }));
    if (group.length > 0) await writer.write({ columnData });
    group = [];
  };
  for await (const item of items) {
    group.push(rowOf(item));
    if (group.length === ROWS_PER_GROUP) await flush();
  }
  await flush();
  await writer.finish();
  yield bytes.getBytes();
}

function parquetCell(column: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return column === "id" || column === "split" ? String(value) : JSON.stringify(value);
}

/** How each kind of file is written, by the end of its name. */
const WRITERS: Readonly<Record<string, (items: AsyncIterable<DatasetItem>) => AsyncIterable<string | Uint8Array>>> = {
  jsonl: jsonLines,
  csv,
  parquet,
};

/** Items as the content of a file that `readDatasetFile` reads as the same items (CSV: but for numbers and truth values, which become texts). Throws `invalid_input` for a name of another kind. */
export function writeDatasetFile(name: string, items: AsyncIterable<DatasetItem>): AsyncIterable<string | Uint8Array> {
  const write = WRITERS[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
  if (write === undefined)
    throw new AppError("invalid_input", `${name} is of no kind that items are written to.`, {
      hint: `Kinds are ${Object.keys(WRITERS).join(", ")}.`,
    });
  return write(items);
}
