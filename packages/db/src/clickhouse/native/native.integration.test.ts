import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { readBlock } from "../../testing/readBlock.ts";
import { type ClickHouseClient, createClickHouse } from "../client.ts";
import {
  ArrayColumn,
  encodeBlock,
  FixedColumn,
  hashOf,
  LowCardinalityColumn,
  MapColumn,
  NullableColumn,
  RepeatedText,
  StringColumn,
} from "./index.ts";

let stores: TestStores;
let clickhouse: ClickHouseClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await clickhouse.command({ query: "DROP TABLE IF EXISTS every_type" });
  await clickhouse.command({
    query: `CREATE TABLE every_type (number UInt32, text String, word LowCardinality(String), id FixedString(8), time DateTime64(9, 'UTC'), flag Bool,
      count Nullable(UInt32), cost Nullable(Decimal(18, 9)), words Array(LowCardinality(String)), attributes Map(LowCardinality(String), String))
      ENGINE = MergeTree ORDER BY number`,
  });
});

const columns = {
  number: new FixedColumn("UInt32", 4),
  text: new StringColumn(),
  word: new LowCardinalityColumn(),
  id: new FixedColumn("FixedString(8)", 8),
  time: new FixedColumn("DateTime64(9, 'UTC')", 8),
  flag: new FixedColumn("Bool", 1),
  count: new NullableColumn("UInt32", 4),
  cost: new NullableColumn("Decimal(18, 9)", 8),
  words: new ArrayColumn(),
  attributes: new MapColumn(),
};

interface Row {
  text: string;
  word: string;
  id: string;
  nanos: bigint;
  flag: boolean;
  count: number | null;
  cost: number | null;
  words: string[];
  attributes: Record<string, string>;
}

function fill(rows: readonly Row[]): void {
  for (const [number, row] of rows.entries()) {
    const time = Buffer.alloc(8);
    time.writeBigUInt64LE(row.nanos);
    const text = Buffer.from(`<${row.text}>`);
    columns.number.appendUint32(number);
    columns.text.append(text, 1, text.length - 1);
    if (number % 2 === 0) columns.word.appendText(row.word);
    else columns.word.append(Buffer.from(row.word), 0, Buffer.byteLength(row.word));
    columns.id.append(Buffer.from(`..${row.id}`, "latin1"), 2);
    columns.time.append(time, 0);
    columns.flag.appendByte(Number(row.flag));
    columns.count.append(row.count);
    columns.cost.append(row.cost);
    columns.words.append(row.words);
    for (const [key, value] of Object.entries(row.attributes)) {
      columns.attributes.keys.appendText(key);
      columns.attributes.values.appendText(value);
    }
    columns.attributes.endRow(Object.keys(row.attributes).length);
  }
}

async function insert(rows: readonly Row[]): Promise<void> {
  fill(rows);
  const { stream } = await clickhouse.exec({
    query: "INSERT INTO every_type FORMAT Native",
    values: Readable.from(encodeBlock(columns, rows.length), { objectMode: false }),
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  for await (const _ of stream);
  for (const column of Object.values(columns)) column.clear();
}

async function stored(): Promise<Row[]> {
  const result = await clickhouse.query({
    query: `SELECT text, word, id, toString(toUnixTimestamp64Nano(time)) AS nanos, flag, count, toDecimalString(cost, 9) AS cost, words, attributes
      FROM every_type ORDER BY number`,
    format: "JSONEachRow",
  });
  const rows = await result.json<Omit<Row, "nanos" | "cost"> & { nanos: string; cost: string | null }>();
  return rows.map((row) => ({ ...row, nanos: BigInt(row.nanos), cost: row.cost === null ? null : Number(row.cost.replace(".", "")) }));
}

/** Rows with this many distinct texts; `kind` selects the content of lists and maps. */
function rowsOf(count: number, different: number, kind: "none" | "some"): Row[] {
  return Array.from({ length: count }, (_, number) => ({
    text: number % 7 === 0 ? "" : `größe ${"x".repeat(number % 300)}\u0000\n`,
    word: number % different === 1 ? "" : `word ${number % different}`,
    id: String(number).padStart(8, "0"),
    nanos: 1_763_900_000_000_000_001n + BigInt(number),
    flag: number % 3 === 0,
    count: number % 5 === 0 ? null : (4_294_967_295 - number) >>> 0,
    cost: number % 4 === 0 ? null : number * 4_503_599_627,
    words: kind === "none" ? [] : Array.from({ length: number % 4 }, (_, place) => `tag ${(number + place) % different}`),
    attributes:
      kind === "none"
        ? {}
        : Object.fromEntries(Array.from({ length: number % 5 }, (_, place) => [`key ${(number * 5 + place) % different}`, "v"])),
  }));
}

test.each([
  ["no rows", 0, 1, "some"],
  ["one row", 1, 1, "some"],
  ["rows whose lists and maps are all empty", 50, 5, "none"],
  ["256 different texts", 1_000, 256, "some"],
  ["300 different texts", 1_000, 300, "some"],
  ["70,000 different texts in 100,000 rows", 100_000, 70_000, "some"],
  ["20,000 rows of few texts", 20_000, 3, "some"],
] as const)(
  "a block of %s is read by ClickHouse as it was written, and by the tests' own reader",
  async (_name, count, different, kind) => {
    const rows = rowsOf(count, different, kind);
    fill(rows);
    const read = readBlock(encodeBlock(columns, count));
    expect(
      read.map(({ word, words, attributes, cost }) => ({ word, words, attributes, cost: cost === null ? null : Number(cost) })),
    ).toEqual(rows.map(({ word, words, attributes, cost }) => ({ word, words, attributes, cost })));
    for (const column of Object.values(columns)) column.clear();

    await insert(rows);
    expect(await stored()).toEqual(rows);
  },
);

test("columns that were cleared hold nothing of the block before, however much smaller the next one is", async () => {
  fill(rowsOf(3_000, 2_000, "some"));
  for (const column of Object.values(columns)) {
    column.clear();
    expect(column.bytes).toBe(0);
  }
  const rows = rowsOf(10, 4, "some");
  await insert(rows);
  expect(await stored()).toEqual(rows);
});

test("a text that is repeated has its own number in each column and each block", () => {
  const [first, second] = ["first", "second"].map((text) => {
    const bytes = Buffer.from(text);
    return new RepeatedText(bytes, hashOf(bytes, 0, bytes.length));
  }) as [RepeatedText, RepeatedText];
  const one = new LowCardinalityColumn();
  const other = new LowCardinalityColumn();
  for (const text of [first, second, first]) one.appendRepeated(text);
  for (const text of [second, first, second]) other.appendRepeated(text);
  one.appendText("second");
  expect(readBlock(encodeBlock({ one }, 4)).map((row) => row.one)).toEqual(["first", "second", "first", "second"]);
  expect(readBlock(encodeBlock({ other }, 3)).map((row) => row.other)).toEqual(["second", "first", "second"]);

  one.clear();
  one.appendText("before");
  one.appendRepeated(second);
  one.appendRepeated(second);
  expect(readBlock(encodeBlock({ one }, 3)).map((row) => row.one)).toEqual(["before", "second", "second"]);
});
