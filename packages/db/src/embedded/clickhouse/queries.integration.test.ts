import { createHash } from "node:crypto";
import { gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { TupleParam } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStatement } from "./sql/statement.ts";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
});
afterAll(() => store[Symbol.asyncDispose]());

const sha256 = (bytes: ArrayBuffer | Buffer): string => createHash("sha256").update(new Uint8Array(bytes)).digest("hex");

describe("a result that is wanted whole", () => {
  const whole = { wait_end_of_query: "1", max_result_bytes: "100000000" };

  test.each(["TabSeparated", "JSON", "JSONEachRow", "Native"])("is in %s what it is when it is streamed", async (format) => {
    const sql = `SELECT number, toString(number) AS text FROM numbers(150000) FORMAT ${format}`;
    const withoutTimes = (text: string): string => text.replace(/"elapsed": [\d.e-]+/, "");
    const [streamed, asked] = await Promise.all([store.post(sql), store.post(sql, whole)]);
    expect(withoutTimes(await asked.text())).toBe(withoutTimes(await streamed.text()));
    expect(asked.headers.get("x-clickhouse-format")).toBe(format);
  });

  test("has a status of its own when it fails late", async () => {
    const answer = await store.post("SELECT throwIf(number = 900000) FROM numbers(1000000)", { ...whole, max_block_size: "1000" });
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([500, "395"]);
  });

  test("names the error in a client's own text", async () => {
    expect(await (await store.post("SELECT 1 FRO numbers(1)", whole)).text()).toContain("Syntax error");
  });
});

describe("status", () => {
  test("the client's pings, with and without a query", async () => {
    expect(await store.client.ping()).toEqual({ success: true });
    expect(await store.client.ping({ select: true })).toEqual({ success: true });
  });

  test.each(["/ping", "/replicas_status", "/", "/healthz", "/readyz"])("%s answers Ok without a password", async (path) => {
    const answer = await fetch(new URL(path, store.url.origin));
    expect([answer.status, await answer.text()]).toEqual([200, "Ok.\n"]);
  });

  test("/metrics counts the statements", async () => {
    const answer = await fetch(new URL("/metrics", store.url.origin));
    expect(await answer.text()).toMatch(/^signalbox_clickhouse_queries_total\{status="200"\} \d+$/m);
  });

  test("another path is not found", async () => {
    expect((await fetch(new URL("/play", store.url.origin))).status).toBe(404);
  });
});

describe("a statement", () => {
  test("may come in the body, in the URL, or in both", async () => {
    expect(await (await store.post("SELECT 1")).text()).toBe("1\n");
    expect(await (await store.post("", { query: "SELECT 1" })).text()).toBe("1\n");
    expect(await (await store.post("+ 1", { query: "SELECT 1" })).text()).toBe("2\n");
  });

  test("in a GET may read and may not write", async () => {
    const get = (query: string): Promise<Response> => {
      const target = new URL(
        `/?${new URLSearchParams({ query, user: store.url.username, password: store.url.password })}`,
        store.url.origin,
      );
      return fetch(target);
    };
    expect(await (await get("SELECT 1")).text()).toBe("1\n");
    expect(await (await get("SELECT number FROM numbers(200000) FORMAT Null")).text()).toBe("");
    const refused = await get("CREATE TABLE got (a UInt8) ENGINE = Memory");
    expect(refused.headers.get("x-clickhouse-exception-code")).toBe("164");
  });

  test("finds its tables in the request's database", async () => {
    expect(await store.lines("SELECT currentDatabase()")).toEqual(["test"]);
    expect(await (await store.post("SELECT currentDatabase()", { database: "system" })).text()).toBe("system\n");
    expect((await store.post("SELECT 1", { database: "nowhere" })).headers.get("x-clickhouse-exception-code")).toBe("81");
  });

  test("keeps the query id of its client, or gets one", async () => {
    const result = await store.client.query({ query: "SELECT 1", query_id: "mine-1" });
    await result.text();
    expect(result.query_id).toBe("mine-1");
    expect(result.response_headers["x-clickhouse-query-id"]).toBe("mine-1");
    expect((await store.post("SELECT 1")).headers.get("x-clickhouse-query-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ["SHOW DATABASES", /^test$/m],
    ["DESCRIBE TABLE system.one", /^dummy\tUInt8/],
    ["EXISTS TABLE system.one", /^1$/m],
    ["EXPLAIN SYNTAX SELECT 1", /system\.one/],
    ["SELECT name FROM system.tables WHERE database = 'system' AND name = 'parts'", /^parts$/m],
  ])("%s", async (sql, expected) => {
    expect(await (await store.post(sql)).text()).toMatch(expected);
  });

  test("reads times without a zone as UTC", async () => {
    expect(await store.lines("SELECT timezone(), toUnixTimestamp(toDateTime('1970-01-02 00:00:00'))")).toEqual(["UTC\t86400"]);
  });
});

describe("the result's format", () => {
  test("is the statement's, then the header's, then the parameter's, then TabSeparated", async () => {
    const header = { "X-ClickHouse-Format": "CSV" };
    expect(await (await store.post("SELECT 'a' FORMAT JSONCompactEachRow", { default_format: "TSV" }, header)).text()).toBe('["a"]\n');
    expect(await (await store.post("SELECT 'a'", { default_format: "JSONCompactEachRow" }, header)).text()).toBe('"a"\n');
    expect(await (await store.post("SELECT 'a'", { default_format: "JSONCompactEachRow" })).text()).toBe('["a"]\n');
    const plain = await store.post("SELECT 'a'");
    expect([plain.headers.get("x-clickhouse-format"), await plain.text()]).toEqual(["TabSeparated", "a\n"]);
    expect(await (await store.post("SHOW TABLES FROM system LIKE 'one'", { default_format: "JSONCompactEachRow" })).text()).toBe(
      '["one"]\n',
    );
  });

  const ROWS = 200_000;
  test.each(["JSON", "JSONCompact", "JSONColumns", "CSVWithNames", "TSVWithNamesAndTypes", "RowBinaryWithNames", "Values", "XML"])(
    "a result of many blocks is one document: %s",
    async (format) => {
      const sql = `SELECT number, toString(number) AS text FROM numbers(${ROWS})`;
      const bytes = await (await store.post(sql, { default_format: format, output_format_write_statistics: "0" })).arrayBuffer();
      const oneBlock = { default_format: format, output_format_write_statistics: "0", max_block_size: String(ROWS) };
      const expected = await (await store.post(sql, { ...oneBlock, preferred_block_size_bytes: "0" })).arrayBuffer();
      expect(sha256(bytes)).toBe(sha256(expected));
    },
  );

  test("JSON carries totals, extremes and the count before LIMIT", async () => {
    const result = await store.client.query({
      query: "SELECT number % 3 AS k, count() AS n FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k LIMIT 2",
      clickhouse_settings: { extremes: 1 },
    });
    expect(await result.json()).toMatchObject({ rows: 2, rows_before_limit_at_least: 3, totals: { k: 0 }, extremes: { min: { k: 0 } } });
  });
});

describe("parameters", () => {
  test.each([
    ["Array(String)", ["it's", "a\nb", "\\N", "\t"]],
    ["String", "it's \\N a\tb\nc\\ ünï 🚂"],
    ["Nullable(Int8)", null],
    ["UInt64", "18446744073709551615"],
    ["Map(String, UInt8)", { "k'": 1 }],
    ["Bool", true],
    ["Float64", -0.5],
  ])("a value of %s comes back as it went", async (type, value) => {
    const result = await store.client.query({
      query: `SELECT {value:${type}} AS value`,
      query_params: { value },
      format: "JSONEachRow",
      clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
    });
    expect(await result.json()).toEqual([{ value }]);
  });

  test("dates, tuples and names", async () => {
    const result = await store.client.query({
      query:
        "SELECT {at:DateTime64(3, 'UTC')} AS at, {pair:Tuple(Int8, String)} AS pair, {column:Identifier} AS dummy FROM system.{table:Identifier}",
      query_params: { at: new Date(1_234_567_890_123), pair: new TupleParam([1, "x"]), column: "dummy", table: "one" },
      format: "JSONCompactEachRow",
    });
    expect(await result.json()).toEqual([["2009-02-13 23:31:30.123", [1, "x"], 0]]);
  });

  test("may come in a form, as the client sends large ones", async () => {
    const value = "x'\n".repeat(50_000);
    const result = await store.client.query({
      query: "SELECT toUInt32(length({value:String})) AS n",
      query_params: { value },
      format: "JSONEachRow",
      use_multipart_params: true,
    });
    expect(await result.json()).toEqual([{ n: value.length }]);
  });

  test("in statements that return nothing", async () => {
    await store.client.command({ query: "CREATE TABLE bound (a UInt8, b String) ENGINE = MergeTree ORDER BY a" });
    await store.client.command({
      query: "INSERT INTO {t:Identifier} SELECT {a:UInt8}, {b:String}",
      query_params: { t: "bound", a: 1, b: "x'" },
    });
    await store.client.command({
      query: "ALTER TABLE bound UPDATE b = {b:String} WHERE a = {a:UInt8} SETTINGS mutations_sync = 1",
      query_params: { a: 1, b: "y\\" },
    });
    expect(await store.lines("SELECT b FROM bound")).toEqual(["y\\\\"]);
  });

  test("that are missing are named", async () => {
    await expect(store.lines("SELECT {nobody:String}")).rejects.toMatchObject({ code: "456", type: "UNKNOWN_QUERY_PARAMETER" });
  });
});

describe("settings", () => {
  test("last for one request", async () => {
    expect(await store.lines("SELECT getSetting('max_threads')", { max_threads: 3 })).toEqual(["3"]);
    expect(await store.lines("SELECT getSetting('max_threads')", { max_threads: 1 })).toEqual(["1"]);
    expect(await store.lines("SELECT getSetting('max_threads') = 3")).toEqual(["0"]);
  });

  test("that do not exist are an error", async () => {
    const answer = await store.post("SELECT 1", { no_such_setting: "1" });
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([404, "115"]);
  });

  test("and a format whose name is SQL is no format", async () => {
    const answer = await store.post("SELECT 1", { default_format: "CSV; DROP DATABASE test" });
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([404, "73"]);
    expect(await store.lines("SELECT count() FROM system.databases WHERE name = 'test'")).toEqual(["1"]);
  });

  test("whose names are SQL stay names", async () => {
    const answer = await store.post("SELECT 1", { "max_threads = 1; DROP DATABASE test; SET max_threads": "1" });
    expect(answer.headers.get("x-clickhouse-exception-code")).toBe("115");
    expect(await store.lines("SELECT currentDatabase()")).toEqual(["test"]);
  });

  test("every statement has limits, and no client lifts them", async () => {
    expect(await store.lines("SELECT getSetting('max_execution_time') > 0, getSetting('max_memory_usage') > 0")).toEqual(["1\t1"]);
    await expect(store.lines("SELECT 1", { max_execution_time: 0 })).rejects.toMatchObject({ code: "452" });
    await expect(store.lines("SELECT 1 SETTINGS max_memory_usage = 0")).rejects.toMatchObject({ code: "452" });
  });

  test("a query over its limits ends with ClickHouse's code", async () => {
    await expect(store.lines("SELECT groupArray(number) FROM numbers(1e8)", { max_memory_usage: "10000000" })).rejects.toMatchObject({
      code: "241",
    });
    await expect(store.lines("SELECT sum(cityHash64(number)) FROM numbers(1e13)", { max_execution_time: 1 })).rejects.toMatchObject({
      code: "159",
    });
  });
});

describe("sessions", () => {
  test("keep temporary tables from one request to the next", async () => {
    const session = store.openClient({ session_id: "s1" });
    await session.command({ query: "CREATE TEMPORARY TABLE scratch (a UInt8)" });
    await session.insert({ table: "scratch", values: [{ a: 7 }], format: "JSONEachRow" });
    const result = await session.query({ query: "SELECT a FROM scratch", format: "JSONEachRow" });
    expect(await result.json()).toEqual([{ a: 7 }]);
    await expect(store.lines("SELECT a FROM scratch")).rejects.toMatchObject({ code: "60" });
  });

  test("serve one request at a time", async () => {
    const session = store.openClient({ session_id: "s2" });
    const answers = await Promise.allSettled([1, 2].map(() => session.command({ query: "SELECT sleep(0.5)" })));
    const refused = answers.find((answer) => answer.status === "rejected");
    expect(refused?.reason).toMatchObject({ code: "373" });
  });

  test("that must exist must exist", async () => {
    const answer = await store.post("SELECT 1", { session_id: "never", session_check: "1" });
    expect(answer.headers.get("x-clickhouse-exception-code")).toBe("372");
  });
});

describe("compression", () => {
  const SQL = "SELECT number, repeat('signal', 3) FROM numbers(100000)";

  test.each([
    ["gzip", gunzipSync],
    ["deflate", inflateSync],
    ["zstd", zstdDecompressSync],
  ])("%s is served when it is asked for", async (encoding, decode) => {
    const plain = Buffer.from(await (await store.post(SQL)).arrayBuffer());
    const { request } = await import("node:http");
    const compressed = await new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
      const target = new URL("/?enable_http_compression=1", store.url.origin);
      const asked = request(
        target,
        { method: "POST", auth: `${store.url.username}:${store.url.password}`, headers: { "accept-encoding": encoding } },
        async (answer) => {
          const chunks: Buffer[] = [];
          for await (const chunk of answer) chunks.push(chunk);
          resolve({ encoding: answer.headers["content-encoding"], bytes: Buffer.concat(chunks) });
        },
      );
      asked.on("error", reject).end(SQL);
    });
    expect(compressed.encoding).toBe(encoding);
    expect(compressed.bytes.length).toBeLessThan(plain.length / 4);
    expect(sha256(decode(compressed.bytes))).toBe(sha256(plain));
  });

  test.each(["gzip", "zstd"] as const)("the client's own, both ways: %s", async (codec) => {
    const client = store.openClient({ database: "test", compression: { request: { codec }, response: { codec } } });
    await client.command({ query: `CREATE TABLE packed_${codec} (a UInt32, b String) ENGINE = MergeTree ORDER BY a` });
    const values = Array.from({ length: 10_000 }, (_, a) => ({ a, b: `text ${a}` }));
    await client.insert({ table: `packed_${codec}`, values, format: "JSONEachRow" });
    const result = await client.query({ query: `SELECT a, b FROM packed_${codec} ORDER BY a`, format: "JSONEachRow" });
    expect(await result.json()).toEqual(values);
  });

  test("an encoding nobody knows is refused before anything is read", async () => {
    expect((await store.post("x", { query: "INSERT INTO t FORMAT TSV" }, { "content-encoding": "lzma" })).status).toBe(501);
  });

  test("a body that is not what it says is refused", async () => {
    const answer = await store.post("not gzip", { query: "INSERT INTO t FORMAT TSV" }, { "content-encoding": "gzip" });
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([500, "271"]);
  });
});

describe("errors", () => {
  test.each([
    ["SELEC 1", 400, 62, "SYNTAX_ERROR"],
    ["SELECT 1 FROM", 400, 62, "SYNTAX_ERROR"],
    ["SELECT nothing", 404, 47, "UNKNOWN_IDENTIFIER"],
    ["SELECT * FROM nowhere", 404, 60, "UNKNOWN_TABLE"],
    ["SELECT noFunction(1)", 404, 46, "UNKNOWN_FUNCTION"],
    ["SELECT 1 FORMAT NoFormat", 404, 73, "UNKNOWN_FORMAT"],
    ["SELECT toInt8('x')", 400, 6, "CANNOT_PARSE_TEXT"],
    ["SELECT throwIf(1, 'no, (2) really')", 500, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"],
    ["SELECT 1; SELECT 2", 400, 62, "SYNTAX_ERROR"],
    ["CREATE USER eve", 403, 497, "ACCESS_DENIED"],
    ["", 400, 62, "SYNTAX_ERROR"],
  ])("%j", async (sql, status, code, name) => {
    const answer = await store.post(sql);
    const text = await answer.text();
    expect({ status: answer.status, code: answer.headers.get("x-clickhouse-exception-code") }).toEqual({ status, code: String(code) });
    expect(text).toMatch(
      new RegExp(`^Code: ${code}\\. DB::Exception: .*\\(${name}\\) \\(version [\\d.]+ \\(official build\\)\\)\\n$`, "s"),
    );
    expect(text).not.toContain(store.dataDir);
  });

  test("the client raises them as ClickHouse's", async () => {
    await expect(store.lines("SELECT nothing")).rejects.toMatchObject({ name: "Error", code: "47", type: "UNKNOWN_IDENTIFIER" });
  });
});

describe("a long result", () => {
  test("is read as it comes, and its reader may stop", async () => {
    const result = await store.client.query({ query: "SELECT number FROM numbers(1e12)", format: "JSONEachRow" });
    let rows = 0;
    for await (const batch of result.stream()) {
      rows += batch.length;
      if (rows > 100_000) break;
    }
    expect(rows).toBeGreaterThan(100_000);
    await expect
      .poll(() => store.lines("SELECT count() FROM system.processes WHERE query LIKE 'SELECT number FROM numbers(1e12)%'"))
      .toEqual(["0"]);
  });

  test("that fails midway raises the engine's error in the client, after the rows before it", async () => {
    const result = await store.client.query({
      query: "SELECT number, throwIf(number = 2500000, 'broken') FROM numbers(3000000)",
      format: "JSONEachRow",
    });
    let rows = 0;
    const reading = (async () => {
      for await (const batch of result.stream()) rows += batch.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: "395" });
    expect(rows).toBeGreaterThan(0);
  });

  test.each([{}, { enable_http_compression: 1 }] as const)("that fails midway is no complete answer (%j)", async (clickhouse_settings) => {
    const client = store.openClient({ compression: { response: clickhouse_settings.enable_http_compression === 1 } });
    const result = await client.query({ query: "SELECT number, throwIf(number = 2500000, 'broken') FROM numbers(3000000)", format: "CSV" });
    await expect(result.text()).rejects.toThrow();
  });

  test("an abort ends the query in the engine", async () => {
    const abort = new AbortController();
    const running = store.client.query({ query: "SELECT sum(cityHash64(number)) AS hash FROM numbers(1e13)", abort_signal: abort.signal });
    const count = (): Promise<string[]> =>
      store.lines("SELECT count() FROM system.processes WHERE query LIKE '%AS hash FROM%' AND query NOT LIKE '%processes%'");
    await expect.poll(count).toEqual(["1"]);
    abort.abort();
    await expect(running).rejects.toThrow();
    await expect.poll(count).toEqual(["0"]);
  });
});

describe("the summary", () => {
  test("tells how many rows came out", async () => {
    const result = await store.client.query({ query: "SELECT number FROM numbers(3)" });
    await result.text();
    expect(JSON.parse(String(result.response_headers["x-clickhouse-summary"]))).toMatchObject({ result_rows: "3", written_rows: "0" });
  });
});

test("our reading of where a statement ends is the engine's", async () => {
  const texts = [
    "SELECT 4 // 2; SELECT 1",
    "SELECT ‘a;b’",
    "SELECT 1 AS “a;b”",
    "SELECT $$;$$",
    "SELECT $a$;$b$;$a$",
    "SELECT 1 #! ; 2",
    "SELECT 1 -- ; 2",
    "SELECT 'a\\';' AS x",
    "SELECT /* /* ; */ ; */ 1",
    "SELECT x'3B' AS y, 1.5e3, .5 AS z",
  ];
  for (const text of texts) {
    expect(readStatement(Buffer.from(text).toString("latin1")).kind).toBe("read");
    const result = await store.client.query({
      query: "SELECT formatQuerySingleLine({text:String}) AS sql",
      query_params: { text },
      format: "JSONEachRow",
    });
    expect(await result.json(), text).toHaveLength(1);
  }
});

test("two hundred parameterised queries at once give each its own answer", async () => {
  const values = Array.from({ length: 200 }, (_, index) => `value ${index}'`);
  const answers = await Promise.all(
    values.map(async (value) => {
      const result = await store.client.query({
        query: "SELECT {value:String} AS value, sleepEachRow(0.001)",
        query_params: { value },
        format: "JSONEachRow",
      });
      return (await result.json<{ value: string }>())[0]?.value;
    }),
  );
  expect(answers).toEqual(values);
});
