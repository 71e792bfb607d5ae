import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
  await store.client.command({ query: "CREATE TABLE victim (id UInt8) ENGINE = MergeTree ORDER BY id" });
});
afterAll(() => store[Symbol.asyncDispose]());

let tables = 0;
/** Creates a table of texts. */
async function createTable(settings = ""): Promise<string> {
  tables += 1;
  const name = `texts_${tables}`;
  await store.client.command({ query: `CREATE TABLE ${name} (text String) ENGINE = MergeTree ORDER BY tuple() ${settings}` });
  return name;
}

const victims = (): Promise<string[]> => store.lines("SELECT count() FROM system.tables WHERE database = 'test' AND name = 'victim'");

describe("what follows a blank line in an insert's data is data", () => {
  const SQL = "DROP TABLE victim";

  test("in lines of JSON", async () => {
    const table = await createTable();
    const body = `{"text":"a"}\n\n${SQL}\n`;
    const answer = await store.post(body, { query: `INSERT INTO ${table} FORMAT JSONEachRow` });
    expect(answer.headers.get("x-clickhouse-exception-code")).toBe("27");
    expect([await victims(), await store.lines(`SELECT count() FROM ${table}`)]).toEqual([["1"], ["0"]]);
  });

  test.each(["TabSeparated", "LineAsString", "CSV"])("in lines of text: %s", async (format) => {
    const table = await createTable();
    await store.post(`a\n\n${SQL}\n`, { query: `INSERT INTO ${table} FORMAT ${format}` });
    expect(await victims()).toEqual(["1"]);
    expect(await store.lines(`SELECT text FROM ${table} WHERE text = 'DROP TABLE victim'`)).toEqual([SQL]);
  });

  test("in the text of the statement itself", async () => {
    const table = await createTable();
    await store.post(`INSERT INTO ${table} FORMAT LineAsString\na\n\n${SQL}\n`);
    await store.post(`INSERT INTO ${table} VALUES ('a\n\n${SQL}')\n\n;`);
    for (const rest of [`\n\n${SQL}`, `; ${SQL}`, `;\n\n${SQL}`])
      expect((await store.post(`INSERT INTO ${table} VALUES ('b')${rest}`)).status).toBeGreaterThanOrEqual(400);
    expect([await victims(), await store.lines(`SELECT count() FROM ${table}`)]).toEqual([["1"], ["4"]]);
  });

  test("in strings that the client sends", async () => {
    const table = await createTable();
    const text = `a\n\n${SQL};\n\0\r\n\\`;
    await store.client.insert({ table, values: [{ text }], format: "JSONEachRow" });
    const result = await store.client.query({ query: `SELECT text FROM ${table}`, format: "JSONEachRow" });
    expect([await victims(), await result.json()]).toEqual([["1"], [{ text }]]);
  });
});

test.each(["RowBinary", "Native"])("bytes that look like a blank line arrive whole: %s", async (format) => {
  const table = await createTable();
  const bytes = await (
    await store.post(`SELECT concat('a', unhex('0A0A'), 'b', unhex('0A0A3B00FF')) AS text FROM numbers(300)`, { default_format: format })
  ).arrayBuffer();
  await store.post(Buffer.from(bytes), { query: `INSERT INTO ${table} FORMAT ${format}` });
  expect(await store.lines(`SELECT count(), any(hex(text)), uniq(text) FROM ${table}`)).toEqual(["300\t610A0A620A0A3B00FF\t1"]);
});

test("an insert through input() is refused rather than answered without storing anything", async () => {
  const table = await createTable();
  const query = `INSERT INTO ${table} SELECT upper(text) FROM input('text String') FORMAT JSONEachRow`;
  const answer = await store.post('{"text":"a"}\n', { query });
  expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([501, "48"]);
});

test("an answered insert is stored, even when the client asks to be answered before", async () => {
  const table = await createTable();
  const clickhouse_settings = { async_insert: 1, wait_for_async_insert: 0 } as const;
  for (let index = 1; index <= 5; index += 1) {
    await store.client.insert({ table, values: [{ text: `${index}` }], format: "JSONEachRow", clickhouse_settings });
    expect(await store.lines(`SELECT count() FROM ${table}`)).toEqual([`${index}`]);
  }
});

describe("an insert with a deduplication token", () => {
  test("is stored once, with what its views make of it, also over a kill", async () => {
    const table = await createTable("SETTINGS non_replicated_deduplication_window = 1000");
    await store.client.command({
      query: `CREATE TABLE ${table}_count (n UInt64) ENGINE = SummingMergeTree ORDER BY tuple() SETTINGS non_replicated_deduplication_window = 1000`,
    });
    await store.client.command({ query: `CREATE MATERIALIZED VIEW ${table}_view TO ${table}_count AS SELECT count() AS n FROM ${table}` });
    const send = (token: string, text: string): Promise<unknown> =>
      store.client.insert({
        table,
        values: [{ text }],
        format: "JSONEachRow",
        clickhouse_settings: { insert_deduplication_token: token, deduplicate_blocks_in_dependent_materialized_views: 1 },
      });
    await send("a", "one");
    await send("a", "one");
    await send("b", "one");
    expect(await store.lines(`SELECT count(), (SELECT sum(n) FROM ${table}_count) FROM ${table}`)).toEqual(["2\t2"]);
    await store.killAndRestart();
    await send("b", "one");
    expect(await store.lines(`SELECT count(), (SELECT sum(n) FROM ${table}_count) FROM ${table}`)).toEqual(["2\t2"]);
  });
});

test("what was answered before a kill is there after it, whole", async () => {
  const table = await createTable("SETTINGS fsync_after_insert = 1, fsync_part_directory = 1");
  let answered = 0;
  for (let round = 0; round < 3; round += 1) {
    let isKilled = false;
    const sending = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!isKilled) {
          const values = Array.from({ length: 500 }, (_, index) => ({ text: `${index}` }));
          await store.client.insert({ table, values, format: "JSONEachRow" });
          answered += 1;
        }
      }),
    ).catch(() => undefined);
    const target = answered + 12;
    await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(target);
    const restarted = store.killAndRestart();
    isKilled = true;
    await Promise.all([restarted, sending]);
  }
  const [stored] = (await store.lines(`SELECT count() FROM ${table}`)).map(Number);
  expect(stored).toBeGreaterThanOrEqual(answered * 500);
  expect((stored ?? 1) % 500).toBe(0);
});

test("many inserts and reads at once keep every row and every answer apart", async () => {
  const table = await createTable();
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      await store.client.insert({ table, values: [{ text: `row ${index}` }], format: "JSONEachRow" });
      const result = await store.client.query({
        query: `SELECT count() AS n FROM ${table} WHERE text = {text:String}`,
        query_params: { text: `row ${index}` },
        format: "JSONEachRow",
      });
      expect(await result.json()).toEqual([{ n: "1" }].map(() => ({ n: 1 })));
    }),
  );
  expect(await store.lines(`SELECT count(), uniqExact(text) FROM ${table}`)).toEqual(["60\t60"]);
});
