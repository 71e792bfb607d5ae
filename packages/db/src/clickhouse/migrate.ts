import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { AppError, errorMessage, sha256 } from "@signalbox/model";
import { z } from "zod";
import { withMigrationLock } from "../prisma/migrationLock.ts";
import { createClickHouse } from "./client.ts";
import { CLUSTER_SETTINGS, clusterStatements, createDatabaseStatement } from "./clusterStatements.ts";

/** Resolved lazily: a bundled module has no folder, and never migrates. */
const migrationsFolder = (): string => join(import.meta.dirname, "migrations");

/** The statements of a migration: each ends with a semicolon at the end of a line. */
export function statementsOf(sql: string): string[] {
  return sql
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, "").trim() !== "");
}

/** The time limit of a statement, in seconds. One that covers all stored rows takes minutes for a hundred million spans. */
const STATEMENT_SECONDS_MAX = 3_600;

/** The record of applied statements; statement 0 stands for the whole file. */
const RECORD_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations
  (name String, statement UInt32, checksum FixedString(64), applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
  ENGINE = MergeTree ORDER BY (name, statement) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

const RecordRow = z.object({ name: z.string(), statement: z.number(), checksum: z.string() });

/** Runs a statement, rewritten where there is a cluster. */
async function run(client: ClickHouseClient, statement: string, cluster: string | undefined): Promise<void> {
  const limits = { max_execution_time: STATEMENT_SECONDS_MAX };
  if (cluster === undefined) await client.command({ query: statement, clickhouse_settings: limits });
  else
    for (const query of clusterStatements(statement, cluster))
      await client.command({ query, clickhouse_settings: { ...limits, ...CLUSTER_SETTINGS } });
}

async function readRecord(client: ClickHouseClient, cluster: string | undefined): Promise<Map<string, string>> {
  await run(client, RECORD_TABLE, cluster);
  const result = await client.query({ query: "SELECT name, statement, checksum FROM schema_migrations", format: "JSONEachRow" });
  const rows = z.array(RecordRow).parse(await result.json());
  return new Map(rows.map(({ name, statement, checksum }) => [`${name}:${statement}`, checksum]));
}

function refuseEdited(name: string): never {
  const hint = "Put the file back as it was and write the change as a new migration.";
  throw new AppError("infrastructure", `The ClickHouse migration ${name} was edited after it ran.`, { hint });
}

/** The migrations of this version, in the order in which they run. */
export function clickhouseMigrations(folder: string = migrationsFolder()): { name: string; sql: string; checksum: string }[] {
  const files = readdirSync(folder).filter((entry) => entry.endsWith(".sql"));
  return files.sort().map((file) => {
    const sql = readFileSync(join(folder, file), "utf8");
    return { name: file.replace(/\.sql$/, ""), sql, checksum: sha256(sql) };
  });
}

async function applyPending(
  client: ClickHouseClient,
  migrations: ReturnType<typeof clickhouseMigrations>,
  cluster: string | undefined,
): Promise<string[]> {
  const record = await readRecord(client, cluster);
  const remember = (name: string, statement: number, checksum: string): Promise<unknown> =>
    client.insert({
      table: "schema_migrations",
      values: [{ name, statement, checksum }],
      format: "JSONEachRow",
      clickhouse_settings: cluster === undefined ? {} : CLUSTER_SETTINGS,
    });

  const applied: string[] = [];
  for (const { name, sql, checksum } of migrations) {
    const whole = record.get(`${name}:0`);
    if (whole === checksum) continue;
    if (whole !== undefined) refuseEdited(name);

    for (const [index, statement] of statementsOf(sql).entries()) {
      const known = record.get(`${name}:${index + 1}`);
      if (known === sha256(statement)) continue;
      if (known !== undefined) refuseEdited(name);
      await run(client, statement, cluster).catch((cause: unknown) => {
        throw new AppError("infrastructure", `Statement ${index + 1} of the ClickHouse migration ${name} failed: ${errorMessage(cause)}`, {
          cause,
        });
      });
      await remember(name, index + 1, sha256(statement));
    }
    await remember(name, 0, checksum);
    applied.push(name);
  }
  return applied;
}

async function createDatabaseIfMissing(clickhouseUrl: string, cluster: string | undefined): Promise<void> {
  const url = new URL(clickhouseUrl);
  const name = decodeURIComponent(url.pathname.slice(1)) || "default";
  url.pathname = "/";
  const client = createClickHouse(url.href);
  try {
    await client.command({ query: createDatabaseStatement(cluster), query_params: { name } });
  } finally {
    await client.close();
  }
}

/**
 * Migrates a ClickHouse to this version: each migration once, in the order of their names; returns the names of those it
 * applied. ClickHouse has neither schema transactions nor locks: the lock is PostgreSQL's (`databaseUrl`), which a dead holder
 * cannot keep, and statements are recorded one by one, so that after a crash at most one is repeated. Repeating a statement must
 * therefore be harmless. `only` limits it to the named migrations; on a `cluster`, `clusterStatements` rewrites every statement.
 */
export async function migrateClickHouse(
  { clickhouseUrl, databaseUrl }: { clickhouseUrl: string; databaseUrl: string },
  { folder = migrationsFolder(), only, cluster }: { folder?: string; only?: ReadonlySet<string>; cluster?: string | undefined } = {},
): Promise<string[]> {
  const migrations = clickhouseMigrations(folder).filter(({ name }) => only?.has(name) ?? true);
  await createDatabaseIfMissing(clickhouseUrl, cluster);
  return withMigrationLock(databaseUrl, async () => {
    const client = createClickHouse(clickhouseUrl, { requestTimeoutMs: STATEMENT_SECONDS_MAX * 1_000 });
    try {
      return await applyPending(client, migrations, cluster);
    } finally {
      await client.close();
    }
  });
}
