import { statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
});
afterAll(() => store[Symbol.asyncDispose]());

/** Sends a request without `fetch`, which cannot set Host. */
async function statusOf(headers: Record<string, string>, path = "/?query=SELECT+1"): Promise<number | undefined> {
  const { hostname, port, username, password } = store.url;
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method: "POST", auth: `${username}:${password}`, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("credentials", () => {
  const ask = (search: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(new URL(`/?${new URLSearchParams({ query: "SELECT 1", ...search })}`, store.url.origin), { method: "POST", headers });

  test("are taken from Basic, from ClickHouse's headers and from the URL", async () => {
    const { username: user, password } = store.url;
    expect((await ask({}, { authorization: `Basic ${btoa(`${user}:${password}`)}` })).status).toBe(200);
    expect((await ask({}, { "x-clickhouse-user": user, "x-clickhouse-key": password })).status).toBe(200);
    expect((await ask({ user, password })).status).toBe(200);
  });

  test("that are missing or wrong are refused, and say nothing of what is right", async () => {
    const { username: user, password } = store.url;
    const missing = await ask({});
    expect([missing.status, missing.headers.get("x-clickhouse-exception-code")]).toEqual([401, "194"]);
    const answers = [
      await ask({ user, password: `${password}x` }),
      await ask({ user: "default", password }),
      await ask({ user, password: "" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
  });

  test("are generated, and kept for the owner of the data folder alone", () => {
    expect(store.url.password).toMatch(/^[\w-]{32,}$/);
    expect(statSync(join(store.dataDir, "credentials.json")).mode & 0o777).toBe(0o600);
  });

  test("are not in the log", async () => {
    await ask({ user: "signalbox", password: "wrong-secret" });
    await store.post("SELECT throwIf(1)", { password: "n" });
    expect(store.process().words()).not.toMatch(new RegExp(`wrong-secret|${store.url.password}`));
  });
});

describe("a web page", () => {
  test("behind a name that was re-bound to this machine is refused, on every path", async () => {
    for (const path of ["/?query=SELECT+1", "/ping", "/metrics"])
      expect(await statusOf({ host: `attacker.example:${store.url.port}` }, path)).toBe(403);
  });

  test("of another site is refused, and so is one of this machine's other ports", async () => {
    expect(await statusOf({ origin: "https://attacker.example" })).toBe(403);
    expect(await statusOf({ origin: "http://localhost:3000" })).toBe(403);
    expect(await statusOf({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await statusOf({})).toBe(200);
  });
});

describe("the files and the network of this machine are out of reach", () => {
  test.each([
    "SELECT * FROM file('/etc/hostname', 'LineAsString')",
    "SELECT file('/etc/hostname')",
    "SELECT \"file\"('/etc/hostname')",
    "SELECT * FROM default.`/etc/hostname`",
    "SELECT * FROM filesystem('/etc')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1', 'system', 'one')",
    "SELECT * FROM sqlite('/tmp/a', 't')",
    "SELECT * FROM icebergLocal('/etc/')",
    "SELECT 1 INTO OUTFILE '/tmp/signalbox-never'",
    "INSERT INTO FUNCTION file('/tmp/signalbox-never', 'TSV', 'a String') SELECT 'x'",
    "INSERT INTO nowhere FROM INFILE '/etc/hostname' FORMAT LineAsString",
    "CREATE TABLE outside (a String) ENGINE = File(TSV)",
    "CREATE TABLE outside (a String) ENGINE = URL('http://127.0.0.1:1', 'TSV')",
    "CREATE DATABASE outside ENGINE = Filesystem('/etc')",
    "CREATE DICTIONARY outside (a UInt64, b String) PRIMARY KEY a SOURCE(FILE(path '/etc/hostname' format 'TSV')) LAYOUT(FLAT()) LIFETIME(0)",
    "CREATE FUNCTION outside AS x -> upper(x)",
    "BACKUP DATABASE test TO File('/tmp/signalbox-never')",
    "SYSTEM SHUTDOWN",
    "SYSTEM KILL",
    "CREATE USER outside",
    "GRANT FILE ON *.* TO default",
  ])("%s", async (sql) => {
    const answer = await store.post(sql);
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([403, "497"]);
  });

  test.each([
    "SELECT * FROM executable('ls', 'TSV', 'a String')",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/x', 'CSV', 'a String')",
    "ATTACH TABLE outside FROM '/etc/' (a UInt8) ENGINE = MergeTree ORDER BY a",
    "CREATE TABLE outside (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '/tmp/')",
  ])("%s", async (sql) => {
    expect((await store.post(sql)).status).toBeGreaterThanOrEqual(400);
  });

  test("what a table needs is allowed", async () => {
    for (const query of [
      "CREATE TABLE inside (id UInt8, text String) ENGINE = MergeTree ORDER BY id",
      "INSERT INTO inside VALUES (1, 'a')",
      "ALTER TABLE inside ADD COLUMN more String, ADD INDEX by_text text TYPE bloom_filter GRANULARITY 1",
      "ALTER TABLE inside MATERIALIZE INDEX by_text",
      "DELETE FROM inside WHERE id = 2",
      "OPTIMIZE TABLE inside FINAL",
      "SYSTEM STOP MERGES inside",
      "SYSTEM START MERGES inside",
      "SYSTEM DROP MARK CACHE",
      "RENAME TABLE inside TO outside",
      "TRUNCATE TABLE outside",
      "DROP TABLE outside SYNC",
    ])
      await store.client.command({ query });
  });
});
