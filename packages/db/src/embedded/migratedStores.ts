import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { createClickHouse } from "../clickhouse/client.ts";
import { clickhouseMigrations, migrateClickHouse } from "../clickhouse/migrate.ts";
import { readRows } from "../clickhouse/readRows.ts";
import { migratePostgres, postgresMigrations } from "../prisma/migrate.ts";
import { startStores } from "./startStores.ts";

/** Where data folders of migrated, empty stores are kept from one run of the tests to the next. */
const KEPT = join(import.meta.dirname, "../../../../node_modules/.cache/signalbox-stores");

/** A name for what the stores come out as: their engines, their migrations and what `keepWhatIsOld` changes. */
function nameOfSchema(): string {
  const schema = [packageJson.dependencies, postgresMigrations(), clickhouseMigrations(), keepWhatIsOld.toString()];
  return createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 16);
}

/** Makes the folder of migrated stores beside its place and moves it there whole; whoever else made it meanwhile was as good. */
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
  await keepWhatIsOld(stores.clickhouseUrl);
}

/** Tests tell of fixed days: what they store must not expire because they are run later. */
async function keepWhatIsOld(clickhouseUrl: string): Promise<void> {
  await using clickhouse = createClickHouse(clickhouseUrl);
  const sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND create_table_query LIKE '%TTL %' ORDER BY name";
  for (const { name } of await readRows(clickhouse, { sql, params: {} }, z.object({ name: z.string() })))
    await clickhouse.command({ query: `ALTER TABLE ${name} REMOVE TTL` });
}

/** Fills an empty data folder with stores that have every table and no row: migrating them once is enough for all tests. */
export async function copyMigratedStores(dataDir: string): Promise<void> {
  const folder = join(KEPT, nameOfSchema());
  if (!existsSync(folder)) await makeMigratedStores(folder);
  // Not `fs.cp`, which gives everything to us: the files of PostgreSQL belong to another user where we are root.
  await promisify(execFile)("cp", ["-a", `${folder}/.`, dataDir]);
}
