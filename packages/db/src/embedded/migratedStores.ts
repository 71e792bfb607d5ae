import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { sha256 } from "@signalbox/model";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { type ClickHouseClient, createClickHouse } from "../clickhouse/client.ts";
import { clickhouseMigrations, migrateClickHouse } from "../clickhouse/migrate.ts";
import { readRows } from "../clickhouse/readRows.ts";
import { createPrisma } from "../prisma/client.ts";
import { migratePostgres, postgresMigrations } from "../prisma/migrate.ts";
import { type StoreName, startStores } from "./startStores.ts";

/** The folder that keeps migrated, empty stores from one test run to the next. */
const KEPT = join(import.meta.dirname, "../../../../node_modules/.cache/signalbox-stores");

/** The stores, by the names of their folders. */
const STORES: readonly StoreName[] = ["postgres", "clickhouse"];

/** A hash of everything that determines the migrated stores: engines, migrations and the changes for tests. */
function nameOfSchema(): string {
  const changes = readFileSync(join(import.meta.dirname, "migratedStores.ts"), "utf8");
  const schema = [packageJson.dependencies, postgresMigrations(), clickhouseMigrations(), changes];
  return sha256(JSON.stringify(schema)).slice(0, 16);
}

/**
 * Creates the folder of migrated stores beside its place and moves it there
 * as a whole; a process that did the same meanwhile has made an equal one.
 */
async function makeMigratedStores(folder: string): Promise<void> {
  mkdirSync(KEPT, { recursive: true });
  const outdated = readdirSync(KEPT).filter((name) => !name.startsWith(basename(folder)));
  const unfinished = mkdtempSync(`${folder}.`);
  try {
    await migrateStoresIn(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    for (const path of [unfinished, ...outdated.map((name) => join(KEPT, name))]) rmSync(path, { recursive: true, force: true });
  }
}

async function migrateStoresIn(dataDir: string): Promise<void> {
  await using stores = await startStores(dataDir);
  await migratePostgres(stores.databaseUrl);
  await migrateClickHouse(stores);
  await using clickhouse = createClickHouse(stores.clickhouseUrl);
  await keepWhatIsOld(clickhouse);
  await outliveNoMachine(stores.databaseUrl, clickhouse);
}

/** Tests use fixed days: their data must not expire because they run later. */
async function keepWhatIsOld(clickhouse: ClickHouseClient): Promise<void> {
  for (const name of await tablesLike(clickhouse, "%TTL %")) await clickhouse.command({ query: `ALTER TABLE ${name} REMOVE TTL` });
}

/** A test's commits must survive any process, but not the machine: nothing waits for the disk, which others may keep busy. */
async function outliveNoMachine(databaseUrl: string, clickhouse: ClickHouseClient): Promise<void> {
  await using prisma = createPrisma(databaseUrl, { connectionsMax: 1 });
  await prisma.$executeRawUnsafe("ALTER SYSTEM SET fsync = off");
  for (const name of await tablesLike(clickhouse, "%fsync%"))
    await clickhouse.command({ query: `ALTER TABLE ${name} MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0` });
}

async function tablesLike(clickhouse: ClickHouseClient, pattern: string): Promise<string[]> {
  const sql =
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND create_table_query LIKE {pattern:String} ORDER BY name";
  const tables = await readRows(clickhouse, { sql, params: { pattern } }, z.object({ name: z.string() }));
  return tables.map(({ name }) => name);
}

/** Makes the folder of migrated stores unless it is there; answers where it is. */
export async function keepMigratedStores(): Promise<string> {
  const folder = join(KEPT, nameOfSchema());
  if (!existsSync(folder)) await makeMigratedStores(folder);
  return folder;
}

/**
 * Fills an empty data folder with stores that have every table and no rows, or with one of them: migrating once is enough for all tests.
 */
export async function copyMigratedStores(dataDir: string, only?: StoreName): Promise<void> {
  const folder = await keepMigratedStores();
  // Not `fs.cp`, which would make us the owner: PostgreSQL's files belong to another user where we are root.
  const left = STORES.filter((store) => only !== undefined && store !== only);
  const entries = readdirSync(folder).filter((name) => !left.some((store) => store === name));
  await promisify(execFile)("cp", ["-a", ...entries.map((name) => join(folder, name)), dataDir]);
}
