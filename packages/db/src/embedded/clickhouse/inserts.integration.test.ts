import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openHandover } from "../../clickhouse/write/handover.ts";
import { handoverFolder } from "./index.ts";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
  await store.client.command({
    query: `CREATE TABLE items
      (id UInt32, name String DEFAULT concat('item ', toString(id)), price Nullable(Float64), tags Array(String),
       day Date DEFAULT toDate('2026-01-02'), double UInt64 MATERIALIZED id * 2, loud String ALIAS upper(name))
      ENGINE = MergeTree ORDER BY id`,
  });
});
afterAll(() => store[Symbol.asyncDispose]());
beforeEach(() => store.client.command({ query: "TRUNCATE TABLE items" }));

const rows = (): Promise<string[]> => store.lines("SELECT id, name, price, tags, day, double FROM items ORDER BY id");

/** A query whose data is the request's body. */
const insert = (query: string, body: string | Buffer): Promise<Response> => store.post(body, { query });

describe("a format", () => {
  const ONE = "1\tone\t1.5\t['a','b']\t2026-02-03\t2";

  test.each([
    ["JSONEachRow", '{"id":1,"name":"one","price":1.5,"tags":["a","b"],"day":"2026-02-03"}\n'],
    ["JSONCompactEachRow", '[1,"one",1.5,["a","b"],"2026-02-03"]\n'],
    [
      "JSON",
      '{"meta":[{"name":"id","type":"UInt32"},{"name":"name","type":"String"},{"name":"price","type":"Nullable(Float64)"},{"name":"tags","type":"Array(String)"},{"name":"day","type":"Date"}],"data":[{"id":1,"name":"one","price":1.5,"tags":["a","b"],"day":"2026-02-03"}]}',
    ],
    ["TabSeparated", "1\tone\t1.5\t['a','b']\t2026-02-03\n"],
    ["TSVWithNames", "day\tid\tname\tprice\ttags\n2026-02-03\t1\tone\t1.5\t['a','b']\n"],
    ["CSV", "1,\"one\",1.5,\"['a','b']\",2026-02-03\n"],
    ["CSVWithNames", "id,name,price,tags,day\n1,one,1.5,\"['a','b']\",2026-02-03\n"],
    ["Values", "(1,'one',1.5,['a','b'],'2026-02-03')"],
  ])("of text: %s", async (format, body) => {
    const answer = await insert(`INSERT INTO items FORMAT ${format}`, body);
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(await rows()).toEqual([ONE]);
  });

  test.each(["RowBinary", "RowBinaryWithNamesAndTypes", "Native", "Parquet", "ArrowStream", "MsgPack", "BSONEachRow"])(
    "of bytes, as the store itself writes it: %s",
    async (format) => {
      const sql =
        "SELECT toUInt32(number + 1) AS id, 'one' AS name, toNullable(1.5) AS price, ['a', 'b'] AS tags, toDate('2026-02-03') AS day FROM numbers(3000)";
      const bytes = Buffer.from(await (await store.post(sql, { default_format: format })).arrayBuffer());
      const answer = await insert(`INSERT INTO items FORMAT ${format}`, bytes);
      expect(await answer.text()).toBe("");
      expect(await store.lines("SELECT count(), sum(id), uniq(name, price, tags, day) FROM items")).toEqual([
        `3000\t${(3000 * 3001) / 2}\t1`,
      ]);
    },
  );

  test("nobody knows is ClickHouse's error", async () => {
    expect((await insert("INSERT INTO items FORMAT Nope", "x")).headers.get("x-clickhouse-exception-code")).toBe("73");
  });
});

describe("omitted fields", () => {
  test("take their defaults, computed from the given ones", async () => {
    await store.client.insert({ table: "items", values: [{ id: 7 }, { id: 8, name: "eight" }], format: "JSONEachRow" });
    expect(await rows()).toEqual(["7\titem 7\t\\N\t[]\t2026-01-02\t14", "8\teight\t\\N\t[]\t2026-01-02\t16"]);
  });

  test("that are null take their defaults, unless they may be null", async () => {
    await store.client.insert({ table: "items", values: [{ id: 7, name: null, price: null }], format: "JSONEachRow" });
    expect(await rows()).toEqual(["7\titem 7\t\\N\t[]\t2026-01-02\t14"]);
  });

  test("by a list of columns, in its order", async () => {
    await store.client.insert({ table: "items", columns: ["tags", "id"], values: [[["x"], 9]], format: "JSONCompactEachRow" });
    expect(await rows()).toEqual(["9\titem 9\t\\N\t['x']\t2026-01-02\t18"]);
  });

  test("by an exception from all columns", async () => {
    await store.client.insert({
      table: "items",
      columns: { except: ["day", "tags", "price"] },
      values: [[9, "nine"]],
      format: "JSONCompactEachRow",
    });
    expect(await rows()).toEqual(["9\tnine\t\\N\t[]\t2026-01-02\t18"]);
  });

  test("that are computed from a column which is never stored", async () => {
    await store.client.command({
      query: "CREATE TABLE folded (id UInt32, raw String EPHEMERAL, folded String DEFAULT lower(raw)) ENGINE = MergeTree ORDER BY id",
    });
    await store.client.insert({ table: "folded", columns: ["id", "raw"], values: [[1, "LOUD"]], format: "JSONCompactEachRow" });
    expect(await store.lines("SELECT id, folded FROM folded")).toEqual(["1\tloud"]);
  });

  test("in Values, and DEFAULT by name", async () => {
    await store.client.command({ query: "INSERT INTO items (id, name) VALUES (1, 'a;b''c'), (1 + 1, DEFAULT); " });
    expect(await store.lines("SELECT id, name FROM items ORDER BY id")).toEqual(["1\ta;b\\'c", "2\titem 2"]);
  });

  test("an unknown field is skipped only when that is asked for", async () => {
    const values = [{ id: 1, nobody: 2 }];
    const strict = store.client.insert({
      table: "items",
      values,
      format: "JSONEachRow",
      clickhouse_settings: { input_format_skip_unknown_fields: 0 },
    });
    await expect(strict).rejects.toMatchObject({ code: "117" });
    await store.client.insert({
      table: "items",
      values,
      format: "JSONEachRow",
      clickhouse_settings: { input_format_skip_unknown_fields: 1 },
    });
    expect(await rows()).toHaveLength(1);
  });
});

describe("the data", () => {
  test("may follow the statement in the body", async () => {
    await store.post("INSERT INTO items (id) FORMAT CSV\n1\n2\n");
    await store.post("INSERT INTO items (id) VALUES (3)");
    expect(await store.lines("SELECT id FROM items ORDER BY id")).toEqual(["1", "2", "3"]);
  });

  test("may begin in the URL and go on in the body", async () => {
    await insert("INSERT INTO items (id) FORMAT CSV 1\n", "2\n");
    await insert("INSERT INTO items (id)", "VALUES (3)");
    expect(await store.lines("SELECT id FROM items ORDER BY id")).toEqual(["1", "2", "3"]);
  });

  test("may come as a stream, through insert and through exec", async () => {
    const objects = Readable.from(Array.from({ length: 1000 }, (_, id) => ({ id })));
    await store.client.insert({ table: "items", values: objects, format: "JSONEachRow" });
    const { stream } = await store.client.exec({
      query: "INSERT INTO items (id) FORMAT CSV",
      values: Readable.from([Buffer.from("1000\n"), Buffer.from("1001\n")], { objectMode: false }),
    });
    for await (const _ of stream);
    expect(await store.lines("SELECT count(), max(id) FROM items")).toEqual(["1002\t1001"]);
  });

  test("may be nothing", async () => {
    expect((await insert("INSERT INTO items FORMAT JSONEachRow", "")).status).toBe(200);
    expect(await rows()).toEqual([]);
  });

  test("that does not fit is refused whole, with the row that is wrong", async () => {
    const inserting = store.client.insert({ table: "items", values: [{ id: 1 }, { id: "two" }], format: "JSONEachRow" });
    await expect(inserting).rejects.toMatchObject({ code: "27", message: expect.stringContaining("(at row 2)") });
    await expect(inserting).rejects.not.toMatchObject({ message: expect.stringContaining(store.dataDir) });
    expect(await rows()).toEqual([]);
  });

  test("of a client that goes away midway is not stored", async () => {
    const target = new URL(`/?${new URLSearchParams({ query: "INSERT INTO test.items (id) FORMAT CSV" })}`, store.url.origin);
    const { request } = await import("node:http");
    await new Promise<void>((resolve) => {
      const half = request(target, { method: "POST", auth: `${store.url.username}:${store.url.password}` });
      half.on("error", () => resolve());
      half.write("1\n2\n", () => half.destroy());
    });
    expect(await rows()).toEqual([]);
  });

  test("may be handed over in a file, which stays its writer's", async () => {
    const handover = openHandover(handoverFolder(store.dataDir));
    const file = await handover.keep([Buffer.from('{"id":1,"price":1.5}\n{"id":'), Buffer.from('2,"name":"two"}\n')]);
    for (const _ of [1, 2])
      await store.client.command({ query: `INSERT INTO items (id, name, price) FROM INFILE '${file.name}' FORMAT JSONEachRow` });
    expect(await store.lines("SELECT id, name, price, count() FROM items GROUP BY ALL ORDER BY id")).toEqual([
      "1\titem 1\t1.5\t2",
      "2\ttwo\t\\N\t2",
    ]);
    await file[Symbol.asyncDispose]();
    const gone = await store.post(`INSERT INTO items FROM INFILE '${file.name}' FORMAT JSONEachRow`);
    expect(gone.status).toBe(500);
    expect(await gone.text()).not.toContain(store.dataDir);
  });

  test("leaves nothing behind in the data folder", async () => {
    const { readdirSync } = await import("node:fs");
    const { join } = await import("node:path");
    await insert("INSERT INTO items (id) FORMAT CSV", "1\n");
    await insert("INSERT INTO items (id) FORMAT CSV", "x\n");
    await expect.poll(() => readdirSync(join(store.dataDir, "clickhouse", "spool"))).toEqual([]);
  });
});

describe("an insert", () => {
  test("tells how many rows it wrote", async () => {
    const { summary } = await store.client.insert({ table: "items", values: [{ id: 1 }, { id: 2 }], format: "JSONEachRow" });
    expect(summary).toMatchObject({ written_rows: "2" });
  });

  test("of one block is one part, whatever its size", async () => {
    const values = Array.from({ length: 60_000 }, (_, id) => ({ id }));
    await store.client.insert({ table: "items", values, format: "JSONEachRow" });
    expect(await store.lines("SELECT count(), sum(rows) FROM system.parts WHERE active AND table = 'items' AND database = 'test'")).toEqual(
      ["1\t60000"],
    );
  });

  test("with settings in its text", async () => {
    await store.client.command({ query: "INSERT INTO items (id) SETTINGS async_insert = 0, insert_deduplicate = 0 VALUES (1)" });
    await insert("INSERT INTO items (id) SETTINGS async_insert=0 FORMAT CSV", "2\n");
    expect(await store.lines("SELECT id FROM items ORDER BY id")).toEqual(["1", "2"]);
  });

  test("may be made durable, each by itself", async () => {
    const clickhouse_settings = { fsync_after_insert: 1 } as Record<string, number>;
    await expect(
      store.client.insert({ table: "items", values: [{ id: 1 }], format: "JSONEachRow", clickhouse_settings }),
    ).rejects.toMatchObject({ code: "115" });
    await store.client.command({
      query: "CREATE TABLE durable (id UInt32) ENGINE = MergeTree ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
    });
    await store.client.insert({ table: "durable", values: [{ id: 1 }], format: "JSONEachRow" });
    expect(await store.lines("SELECT id FROM durable")).toEqual(["1"]);
  });

  test("reaches materialized views", async () => {
    await store.client.command({ query: "CREATE TABLE counted (day Date, n UInt64) ENGINE = SummingMergeTree ORDER BY day" });
    await store.client.command({
      query: "CREATE MATERIALIZED VIEW counting TO counted AS SELECT day, count() AS n FROM items GROUP BY day",
    });
    await store.client.insert({ table: "items", values: [{ id: 1 }, { id: 2 }], format: "JSONEachRow" });
    expect(await store.lines("SELECT sum(n) FROM counted")).toEqual(["2"]);
    await store.client.command({ query: "DROP VIEW counting" });
  });

  test("from a query", async () => {
    await store.client.command({ query: "INSERT INTO items (id) SELECT number FROM numbers(5)" });
    expect(await store.lines("SELECT count() FROM items")).toEqual(["5"]);
  });
});
