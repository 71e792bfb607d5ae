import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, errorMessage, newId, sha256 } from "@signalbox/model";
import pg from "pg";
import { withMigrationLock } from "./migrationLock.ts";

/** A migration on disk, in Prisma's folder format (`<time>_<name>/migration.sql`); its checksum is Prisma's, SHA-256 (hex) of the file. */
type Migration = { name: string; sql: string; checksum: string };

/** Resolved lazily: a bundled module has no folder, and never migrates. */
const migrationsFolder = (): string => join(import.meta.dirname, "migrations");

/** The migrations of this version, in the order in which they run. */
export function postgresMigrations(folder: string = migrationsFolder()): Migration[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => {
      const sql = readFileSync(`${folder}/${name}/migration.sql`, "utf8");
      return { name, sql, checksum: sha256(sql) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * PostgreSQL's error codes when two runners create the same database at once: duplicate_database, or the unique_violation of its catalogue.
 */
const MADE_IN_BETWEEN = new Set(["42P04", "23505"]);

/** PostgreSQL's error code for a connection to a database that does not exist: invalid_catalog_name. */
const NO_SUCH_DATABASE = "3D000";

const codeOf = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);

/** Runs `work` on a connection of its own. */
async function connected(databaseUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A lost connection already fails the current statement; without a listener the event would end the whole process.
  client.on("error", () => {});
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end();
  }
}

/** Tries the database itself first: an external server may not let us into any other. */
async function createDatabaseIfMissing(databaseUrl: string): Promise<void> {
  try {
    return await connected(databaseUrl, async () => undefined);
  } catch (error) {
    if (codeOf(error) !== NO_SUCH_DATABASE) throw error;
  }
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = "/postgres";
  await connected(url.href, (client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)).catch((error: unknown) => {
    if (!MADE_IN_BETWEEN.has(codeOf(error) ?? "")) throw error;
  });
}

/** The table of Prisma's own `migrate deploy`, so that either tool may run next. */
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
      throw new AppError("infrastructure", `The PostgreSQL migration ${name} failed: ${errorMessage(cause)}.`, {
        cause,
      });
    }
    applied.push(name);
  }
  return applied;
}

/**
 * Migrates a PostgreSQL to this version: creates the database if it is missing, and applies each missing migration,
 * in the order of their names, each in one transaction. Concurrent runners wait for one another. `only` limits it
 * to the named migrations. Returns the names of the applied ones; throws when a migration was edited after it ran.
 */
export async function migratePostgres(
  databaseUrl: string,
  { folder = migrationsFolder(), only }: { folder?: string; only?: ReadonlySet<string> } = {},
): Promise<string[]> {
  const migrations = postgresMigrations(folder).filter(({ name }) => only?.has(name) ?? true);
  await createDatabaseIfMissing(databaseUrl);
  return withMigrationLock(databaseUrl, (client) => applyPending(client, migrations));
}
