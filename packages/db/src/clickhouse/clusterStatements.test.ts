import { describe, expect, test } from "vitest";
import { clusterStatements, createDatabaseStatement } from "./clusterStatements.ts";
import { clickhouseMigrations, statementsOf } from "./migrate.ts";

const CLUSTER = "telemetry";

const ours = clickhouseMigrations().flatMap(({ sql }) => statementsOf(sql));
const rewritten = ours.flatMap((statement) => clusterStatements(statement, CLUSTER));

test("our migrations on a cluster, statement by statement", async () => {
  await expect(`${rewritten.join(";\n\n")};\n`).toMatchFileSnapshot("./__golden__/cluster.sql");
});

test("every table is a replicated one on all servers, and a distributed one under its own name that is spread by what it says", () => {
  const tables = ours.flatMap((statement) => /^CREATE TABLE IF NOT EXISTS (\w+)/m.exec(statement)?.[1] ?? []);
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    const [local] = rewritten.filter((sql) => sql.startsWith(`CREATE TABLE IF NOT EXISTS ${table}_local ON CLUSTER 'telemetry'`));
    expect(local).toMatch(/\nENGINE = Replicated\w*MergeTree\('\/clickhouse\/tables\/\{uuid\}\/\{shard\}', '\{replica\}'/);
    expect(local).not.toContain("non_replicated");
    const spread = rewritten.filter((sql) =>
      sql.startsWith(`CREATE TABLE IF NOT EXISTS ${table} ON CLUSTER 'telemetry' AS ${table}_local`),
    );
    expect(spread[0]).toContain(`Distributed('telemetry', currentDatabase(), '${table}_local', `);
  }
});

test("nothing but the moving of rows happens on one server only", () => {
  expect(rewritten.filter((sql) => !sql.includes("ON CLUSTER") && !sql.startsWith("INSERT INTO"))).toEqual([]);
});

test("a version's column stays the version", () => {
  const table = "CREATE TABLE IF NOT EXISTS spans\n(a UInt8, b UInt8)\nENGINE = ReplacingMergeTree(b)\nORDER BY a";
  expect(clusterStatements(table, CLUSTER)[0]).toContain(
    "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', b)",
  );
});

test("a view reads and fills what is on its own server", () => {
  const view = "CREATE MATERIALIZED VIEW IF NOT EXISTS v TO trace_times AS\nSELECT 1 FROM spans\nGROUP BY project";
  expect(clusterStatements(view, CLUSTER)).toEqual([
    "CREATE MATERIALIZED VIEW IF NOT EXISTS v ON CLUSTER 'telemetry' TO trace_times_local AS\nSELECT 1 FROM spans_local\nGROUP BY project",
  ]);
});

test("a column is added to both tables, an index and a setting only where the rows are", () => {
  expect(clusterStatements("ALTER TABLE spans ADD COLUMN IF NOT EXISTS x String", CLUSTER)).toEqual([
    "ALTER TABLE spans_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS x String",
    "ALTER TABLE spans ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS x String",
  ]);
  expect(clusterStatements("ALTER TABLE spans MODIFY SETTING a = 1", CLUSTER)).toEqual([
    "ALTER TABLE spans_local ON CLUSTER 'telemetry' MODIFY SETTING a = 1",
  ]);
});

describe("refused", () => {
  test("a table that nobody has said how to spread", () => {
    expect(() => clusterStatements("CREATE TABLE IF NOT EXISTS unheard (a UInt8)\nENGINE = MergeTree\nORDER BY a", CLUSTER)).toThrow(
      "unheard",
    );
  });
  test("a statement of a kind that nobody has placed", () => {
    expect(() => clusterStatements("OPTIMIZE TABLE spans", CLUSTER)).toThrow("OPTIMIZE TABLE spans");
  });
  test("a name of a cluster that would end its quotes", () => {
    expect(() => clusterStatements("DROP TABLE IF EXISTS spans", "a' b")).toThrow("CLICKHOUSE_CLUSTER");
    expect(() => createDatabaseStatement("a' b")).toThrow("CLICKHOUSE_CLUSTER");
  });
});
