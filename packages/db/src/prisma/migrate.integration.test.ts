import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@signalbox/model";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/testStores.ts";
import { migratePostgres, postgresMigrations } from "./migrate.ts";

let stores: TestStores;
let folder: string;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  folder = mkdtempSync(join(tmpdir(), "signalbox-migrations-"));
});

afterAll(async () => {
  await stores?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The URL of a separate database on the test's server. */
function database(name: string): string {
  const url = new URL(stores.databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** A folder of migrations, each given by its name and statements. */
function migrations(name: string, files: Record<string, string>): string {
  for (const [migration, sql] of Object.entries(files)) {
    mkdirSync(join(folder, name, migration), { recursive: true });
    writeFileSync(join(folder, name, migration, "migration.sql"), sql);
  }
  return join(folder, name);
}

async function rowsOf(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("runners that meet apply each migration once, and make the database if it is missing", async () => {
  const files = migrations("meet", { "1_a": "CREATE TABLE a (n int); INSERT INTO a VALUES (1)", "2_b": "INSERT INTO a VALUES (2)" });
  const url = database("meet");
  const applied = await Promise.all([1, 2, 3].map(() => migratePostgres(url, { folder: files })));
  expect(applied.flat()).toEqual(["1_a", "2_b"]);
  expect(await rowsOf(url, "SELECT n FROM a ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
});

test("a user who may enter no database but their own can bring it up to date", async () => {
  const server = database("postgres");
  for (const sql of [
    "CREATE ROLE tenant LOGIN PASSWORD 'tenant'",
    "CREATE DATABASE tenant OWNER tenant",
    "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
  ])
    await rowsOf(server, sql);
  const url = new URL(database("tenant"));
  url.username = "tenant";
  url.password = "tenant";
  expect(await migratePostgres(url.href, { folder: migrations("tenant", { "1_a": "CREATE TABLE a (n int)" }) })).toEqual(["1_a"]);
});

test("a migration that was edited after it ran is refused by name", async () => {
  const files = migrations("edited", { "1_a": "CREATE TABLE a (n int)" });
  const url = database("edited");
  await migratePostgres(url, { folder: files });
  migrations("edited", { "1_a": "CREATE TABLE a (n bigint)" });
  await expect(migratePostgres(url, { folder: files })).rejects.toThrow("The PostgreSQL migration 1_a was edited after it ran.");
});

test("a migration that fails leaves nothing behind and runs once it is mended", async () => {
  const files = migrations("failing", { "1_a": "CREATE TABLE a (n int); SELECT nonsense" });
  const url = database("failing");
  await expect(migratePostgres(url, { folder: files })).rejects.toBeInstanceOf(AppError);
  migrations("failing", { "1_a": "CREATE TABLE a (n int)" });
  expect(await migratePostgres(url, { folder: files })).toEqual(["1_a"]);
});

test("dead letters and attempts of an older version stay, with what is known of them", async () => {
  const url = database("older");
  const names = postgresMigrations().map(({ name }) => name);
  await migratePostgres(url, { only: new Set(names.filter((name) => name < "20261126000706")) });
  const id = "00000000-0000-8000-8000-000000000001";
  const attempts = JSON.stringify([{ error: null }, { error: { class: "not_found", message: "no" } }]);
  await rowsOf(
    url,
    `INSERT INTO task (id, project, name, world, status, request, request_hash, has_expectation, trace_id, tags, head_seq, head_hash, created_at, finished_us)
       VALUES ('${id}', 'default', 't', 'w', 'dead', '{}', 'h', false, 't', '{}', 0, 'h', now(), 1);
     INSERT INTO attempt (task_id, attempt, run, worker, version, started_at) VALUES ('${id}', 1, 1, 'w', '1', now());
     INSERT INTO dead_letter (id, task_id, run, project, cause, fingerprint, message, payload, attempts, decision_seq, decision_hash, trace_id, versions, first_failed_at, last_failed_at)
       VALUES ('${id}', '${id}', 1, 'default', 'not_retryable', 'f', 'no', '{}', '${attempts}', 0, 'h', 't', '{}', now(), now()),
              ('00000000-0000-8000-8000-000000000002', '${id}', 2, 'default', 'kills_worker', 'f', 'no', '{}', '[]', 0, 'h', 't', '{}', now(), now())`,
  );
  await migratePostgres(url);
  expect(await rowsOf(url, "SELECT kind, service, tool, error_class, error_chain, frame FROM dead_letter ORDER BY run")).toEqual(
    ["not_found", "unknown"].map((error_class) => ({
      ...{ kind: "task", service: "unknown", tool: null, error_class, error_chain: [], frame: null },
    })),
  );
  expect(await rowsOf(url, "SELECT is_alone, backoff_ms FROM attempt")).toEqual([{ is_alone: false, backoff_ms: null }]);
});
