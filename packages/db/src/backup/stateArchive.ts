import { pipeline } from "node:stream/promises";
import { AppError } from "@signalbox/model";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import type { NewArchive } from "./archive.ts";
import { openArchiveFile } from "./archive.ts";
import { inDependencyOrder } from "./dependencyOrder.ts";
import type { StateArchive } from "./manifest.ts";

/** The migrations create it before rows are loaded. */
const MIGRATIONS_TABLE = "_prisma_migrations";

const TABLES = `SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname != '${MIGRATIONS_TABLE}'
GROUP BY c.relname ORDER BY c.relname`;
const REFERENCES = `SELECT child.relname::text AS "table", parent.relname::text AS "to"
FROM pg_constraint JOIN pg_class AS child ON child.oid = conrelid JOIN pg_class AS parent ON parent.oid = confrelid
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`;
const SEQUENCES = `SELECT sequencename::text AS name, last_value::text AS value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename`;
const MIGRATIONS = `SELECT migration_name AS name, checksum FROM ${MIGRATIONS_TABLE}
WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`;

const Tables = z.array(z.object({ name: z.string(), columns: z.array(z.string()) }));
const References = z.array(z.object({ table: z.string(), to: z.string() }));
const Sequences = z.array(z.object({ name: z.string(), value: z.string() }));
const Migrations = z.array(z.object({ name: z.string(), checksum: z.string() }));

const columnList = (columns: readonly string[]): string => columns.map((column) => pg.escapeIdentifier(column)).join(", ");

async function connected<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A lost connection already fails the current statement; without a listener the event would end the whole process.
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Writes a consistent snapshot of every table in the state store's schema, while others go on writing. The queue has its own schema
 * and is left out: the tables hold every task that belongs in it, and it is refilled from them. `done` is called after each table.
 */
export function archiveState(databaseUrl: string, archive: NewArchive, done: () => void): Promise<StateArchive> {
  return connected(databaseUrl, async (client) => {
    const rowsOf = async <T>(schema: z.ZodType<T>, sql: string): Promise<T> => schema.parse((await client.query(sql)).rows);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const known = await rowsOf(Tables, TABLES);
    const order = inDependencyOrder(
      known.map(({ name }) => name),
      await rowsOf(References, REFERENCES),
    );
    const tables: StateArchive["tables"] = [];
    for (const name of order) {
      const columns = known.find((table) => table.name === name)?.columns ?? [];
      const content = client.query(copyTo(`COPY ${pg.escapeIdentifier(name)} (${columnList(columns)}) TO STDOUT`));
      const file = await archive.write(`postgres/${name}.copy.zst`, content);
      tables.push({ name, columns, rows: content.rowCount, file });
      done();
    }
    const migrations = await rowsOf(Migrations, MIGRATIONS);
    // Sequences are not part of a snapshot: read after the rows, none is behind them.
    const sequences = await rowsOf(Sequences, SEQUENCES);
    const [{ server_version: version }] = await rowsOf(z.tuple([z.object({ server_version: z.string() })]), "SHOW server_version");
    await client.query("COMMIT");
    return { version, migrations, tables, sequences };
  });
}

/**
 * Loads the rows in one transaction into a store that has the schema of the backup and nothing but the
 * rows of its migrations. Throws where a table takes another number of rows than the backup states.
 */
export function restoreState(databaseUrl: string, folder: string, { tables, sequences }: StateArchive, done: () => void): Promise<void> {
  return connected(databaseUrl, async (client) => {
    await client.query("BEGIN");
    // Restored decisions are not new to the checkpoints.
    await client.query("SET LOCAL signalbox.restore = 'on'");
    for (const { name } of tables.toReversed()) await client.query(`DELETE FROM ${pg.escapeIdentifier(name)}`);
    for (const { name, columns, rows, file } of tables) {
      const target = client.query(copyFrom(`COPY ${pg.escapeIdentifier(name)} (${columnList(columns)}) FROM STDIN`));
      await pipeline(openArchiveFile(folder, file), target);
      if (target.rowCount !== rows)
        throw new AppError("infrastructure", `The table ${name} took ${target.rowCount} rows, and the backup has ${rows}.`);
      done();
    }
    for (const { name, value } of sequences) await client.query("SELECT setval($1::regclass, $2)", [pg.escapeIdentifier(name), value]);
    await client.query("COMMIT");
  });
}

/** PostgreSQL's error code for a connection to a database that does not exist: invalid_catalog_name. */
const NO_SUCH_DATABASE = "3D000";

/** Whether a state store has no tables yet; a missing database has none. */
export async function isStateEmpty(databaseUrl: string): Promise<boolean> {
  try {
    const sql = "SELECT count(*)::int AS tables FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace";
    return await connected(databaseUrl, async (client) => (await client.query<{ tables: number }>(sql)).rows[0]?.tables === 0);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === NO_SUCH_DATABASE) return true;
    throw error;
  }
}
