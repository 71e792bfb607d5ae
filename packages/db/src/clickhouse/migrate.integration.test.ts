import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/testStores.ts";
import { createClickHouse } from "./client.ts";
import { clusterStatements } from "./clusterStatements.ts";
import { clickhouseMigrations, migrateClickHouse, statementsOf } from "./migrate.ts";

let stores: TestStores;
let folder: string;
let databases = 0;
/** The URL of a database that does not exist yet. */
let clickhouseUrl: string;

beforeAll(async () => {
  stores = await startTestStores();
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => {
  databases += 1;
  const url = new URL(stores.clickhouseUrl);
  url.pathname = `/migrated_${databases}`;
  clickhouseUrl = url.href;
  folder = mkdtempSync(join(tmpdir(), "signalbox-migrations-"));
  return () => rmSync(folder, { recursive: true });
});

const write = (name: string, sql: string): void => writeFileSync(join(folder, `${name}.sql`), sql);
const migrate = (): Promise<string[]> => migrateClickHouse({ clickhouseUrl, databaseUrl: stores.databaseUrl }, { folder });

async function lines(query: string): Promise<string[]> {
  const client = createClickHouse(clickhouseUrl);
  try {
    const result = await client.query({ query, format: "TabSeparated" });
    return (await result.text()).split("\n").slice(0, -1);
  } finally {
    await client.close();
  }
}

const TWO_STATEMENTS = `-- Two tables; the second holds a semicolon; in a comment.
CREATE TABLE IF NOT EXISTS first (id UInt8) ENGINE = MergeTree ORDER BY id;

CREATE TABLE IF NOT EXISTS second (id UInt8 COMMENT 'a; b') ENGINE = MergeTree ORDER BY id;
`;

describe("a migration", () => {
  test("runs once, in the order of the names, in a database that is made if it is missing", async () => {
    write("0002_more", "ALTER TABLE first ADD COLUMN IF NOT EXISTS text String;\n");
    write("0001_tables", TWO_STATEMENTS);
    expect(await migrate()).toEqual(["0001_tables", "0002_more"]);
    expect(await migrate()).toEqual([]);
    expect(await lines("SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'first'")).toEqual(["id", "text"]);
    write("0003_last", "DROP TABLE IF EXISTS second;\n");
    expect(await migrate()).toEqual(["0003_last"]);
  });

  test("runs once however many start at the same time", async () => {
    write("0001_tables", "CREATE TABLE only_once (id UInt8) ENGINE = MergeTree ORDER BY id;\n");
    const applied = await Promise.all(Array.from({ length: 6 }, migrate));
    expect(applied.flat()).toEqual(["0001_tables"]);
  });

  test("that was edited after it ran is refused by name", async () => {
    write("0001_tables", TWO_STATEMENTS);
    await migrate();
    write("0001_tables", `${TWO_STATEMENTS}\n-- edited\n`);
    await expect(migrate()).rejects.toMatchObject({ code: "infrastructure", message: expect.stringContaining("0001_tables was edited") });
  });

  test("that stopped midway goes on where it stopped", async () => {
    write("0001_tables", `${TWO_STATEMENTS}\nCREATE TABLE broken (id Nothing2) ENGINE = MergeTree ORDER BY id;\n`);
    await expect(migrate()).rejects.toMatchObject({
      message: expect.stringContaining("Statement 3 of the ClickHouse migration 0001_tables failed"),
    });
    expect(await lines("SELECT statement FROM schema_migrations ORDER BY statement")).toEqual(["1", "2"]);
    write("0001_tables", `${TWO_STATEMENTS}\nCREATE TABLE mended (id UInt8) ENGINE = MergeTree ORDER BY id;\n`);
    expect(await migrate()).toEqual(["0001_tables"]);
    expect(await lines("EXISTS TABLE mended")).toEqual(["1"]);
  });
});

test("what ran is on record on disk, before the next statement runs", async () => {
  write("0001_tables", TWO_STATEMENTS);
  await migrate();
  const [engine] = await lines("SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'");
  expect(engine).toContain("fsync_after_insert = 1, fsync_part_directory = 1");
});

test("our own migrations leave nothing to do the second time", async () => {
  cpSync(new URL("./migrations/", import.meta.url), folder, { recursive: true });
  expect(await migrate()).not.toEqual([]);
  expect(await migrate()).toEqual([]);
  expect(await lines("SELECT count() FROM spans")).toEqual(["0"]);
});

test("the engine's own parser reads every statement for a cluster as what it begins with; those that move rows are the same everywhere", async () => {
  const client = createClickHouse(stores.clickhouseUrl);
  const kinds = /^(CREATE|ALTER|RENAME|DROP)/;
  const tree = { CREATE: "CreateQuery", ALTER: "AlterQuery", RENAME: "Rename", DROP: "DropQuery" } as const;
  try {
    for (const sql of clickhouseMigrations().flatMap((migration) => statementsOf(migration.sql))) {
      for (const statement of clusterStatements(sql, "telemetry").filter((one) => !one.startsWith("INSERT"))) {
        const result = await client.query({ query: `EXPLAIN AST ${statement}`, format: "TabSeparated" });
        const kind = kinds.exec(statement)?.[1] as keyof typeof tree;
        expect([statement, await result.text()]).toEqual([statement, expect.stringContaining(tree[kind])]);
      }
    }
  } finally {
    await client.close();
  }
});
