import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, newId } from "@signalbox/model";
import pg from "pg";
import { withMigrationLock } from "./migrationLock.ts";

/** A migration on disk, in Prisma's folder format (`<time>_<name>/migration.sql`); its checksum is Prisma's, SHA-256 (hex) of the file. */
type Migration = { name: string; sql: string; checksum: string };

/** Looked up when it is needed: where this module is bundled it has no folder, and nobody migrates there. */
const migrationsFolder = (): string => join(import.meta.dirname, "migrations");

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => {
      const sql = readFileSync(`${folder}/${name}/migration.sql`, "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What PostgreSQL answers when two runners make the same database at once: duplicate_database, or the unique_violation of its catalogue. */
const MADE_IN_BETWEEN = new Set(["42P04", "23505"]);

async function createDatabaseIfMissing(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  // A connection that is lost fails the statement in hand; unheard, the event would end the whole process.
  client.on("error", () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && MADE_IN_BETWEEN.has(error.code ?? ""))) throw error;
  } finally {
    await client.end();
  }
}

/** The table that Prisma's own `migrate deploy` keeps, so that either of the two may run next. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;

async function applyPending(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(MIGRATIONS_TABLE);
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  const checksums = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const applied: string[] = [];
  for (const { name, sql, checksum } of migrations) {
    const known = checksums.get(name);
    if (known === checksum) continue;
    if (known !== undefined) {
      const hint = "Put the file back as it was and write the change as a new migration.";
      throw new AppError("infrastructure", `The PostgreSQL migration ${name} was edited after it ran.`, { hint });
    }
    await client.query("BEGIN");
    try {
      await client.query(sql);
      await client.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)",
        [newId(), checksum, name],
      );
      await client.query("COMMIT");
    } catch (cause) {
      await client.query("ROLLBACK");
      throw new AppError("infrastructure", `The PostgreSQL migration ${name} failed: ${cause instanceof Error ? cause.message : cause}.`, {
        cause,
      });
    }
    applied.push(name);
  }
  return applied;
}

/**
 * Brings a PostgreSQL up to date: makes the database if it is missing, and applies each migration that has not run, in the order of their names, each in one transaction.
 * Runners that meet wait for one another. Answers the names of what it applied; throws when a migration was edited after it ran.
 */
export async function migratePostgres(databaseUrl: string, { folder = migrationsFolder() }: { folder?: string } = {}): Promise<string[]> {
  const migrations = readMigrations(folder);
  await createDatabaseIfMissing(databaseUrl);
  return withMigrationLock(databaseUrl, (client) => applyPending(client, migrations));
}
