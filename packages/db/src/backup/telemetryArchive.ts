import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@signalbox/model";
import { z } from "zod";
import { createClickHouse } from "../clickhouse/client.ts";
import { readRows, type Statement } from "../clickhouse/readRows.ts";
import { type NewArchive, openArchiveFile } from "./archive.ts";
import type { TelemetryArchive } from "./manifest.ts";

/** The migrations create it before rows are loaded. */
const MIGRATIONS_TABLE = "schema_migrations";

/** The time limit of one partition, in seconds: the longest query that the embedded store allows. */
const PARTITION_SECONDS_MAX = 3_600;

/** Tables read before the rows that they describe, so that nothing in the backup describes rows that are not in it. */
const FIRST = ["ledger", "trend_minutes", "trend_rollups"];
/** Tables written along with every row, and so read after the rows, so that every row in the backup can be found through them. */
const LAST = ["trace_times", "trace_keys", "minute_arrivals"];

const Count = z.coerce.number();
const Table = z.object({ name: z.string(), engine: z.string(), columns: z.array(z.string()) });
const Partition = z.object({ id: z.string(), rows: Count });
const Migration = z.object({ name: z.string(), checksum: z.string() });
const Engine = z.object({ version: z.string(), database: z.string() });

const TABLES = `SELECT t.name AS name, any(t.engine) AS engine, arrayMap(pair -> pair.2, arraySort(groupArray((c.position, c.name)))) AS columns
FROM system.tables AS t JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
WHERE t.database = currentDatabase() AND t.name != '${MIGRATIONS_TABLE}' AND c.default_kind NOT IN ('MATERIALIZED', 'ALIAS', 'EPHEMERAL')
GROUP BY t.name ORDER BY t.name`;

/** A client whose timeout allows for one partition. */
export function createArchiveClient(clickhouseUrl: string): ClickHouseClient {
  return createClickHouse(clickhouseUrl, { requestTimeoutMs: PARTITION_SECONDS_MAX * 1_000 });
}

/** A table's rank in the order of a backup. */
const placeOf = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : 1 + LAST.indexOf(name));

const quoted = (name: string): string => `\`${name.replaceAll("`", "\\`")}\``;

/**
 * Writes every table as it is at its turn, while others go on writing: its parts are attached to a separate database (hard links, no
 * copies), where nothing changes any more, and read from there. `begin` gets the number of partitions, `done` is called after each.
 */
export async function archiveTelemetry(
  clickhouse: ClickHouseClient,
  archive: NewArchive,
  { begin, done }: { begin: (partitions: number) => void; done: () => void },
): Promise<TelemetryArchive> {
  const rowsOf = <T>(schema: z.ZodType<T>, sql: string, params: Statement["params"] = {}): Promise<T[]> =>
    readRows(clickhouse, { sql, params }, schema, PARTITION_SECONDS_MAX);
  const [engine] = await rowsOf(Engine, "SELECT version() AS version, currentDatabase() AS database");
  if (engine === undefined) throw new AppError("upstream_unavailable", "The telemetry store does not answer.");
  const all = await rowsOf(Table, TABLES);
  requireOneServer(all);
  const tables = all.filter(({ engine }) => engine.endsWith("MergeTree")).sort((a, b) => placeOf(a.name) - placeOf(b.name));
  const migrations = await rowsOf(
    Migration,
    `SELECT name, toString(checksum) AS checksum FROM ${MIGRATIONS_TABLE} WHERE statement = 0 ORDER BY name`,
  );

  await using aside = await setAside(
    clickhouse,
    engine.database,
    tables.map(({ name }) => name),
  );
  const counted = [];
  for (const { name, columns } of tables) {
    const sql = `SELECT _partition_id AS id, count() AS rows FROM ${aside.nameOf(name)} GROUP BY id ORDER BY id`;
    counted.push({ name, columns, partitions: await rowsOf(Partition, sql) });
  }
  begin(counted.reduce((sum, { partitions }) => sum + partitions.length, 0));

  const archived: TelemetryArchive["tables"] = [];
  for (const { name, columns, partitions } of counted) {
    const parts = [];
    for (const { id, rows } of partitions) {
      const { stream } = await clickhouse.exec({
        query: `SELECT ${columns.map(quoted).join(", ")} FROM ${aside.nameOf(name)} WHERE _partition_id = {id:String} FORMAT Native`,
        query_params: { id },
        clickhouse_settings: { max_execution_time: PARTITION_SECONDS_MAX },
      });
      parts.push({ rows, file: await archive.write(`clickhouse/${name}.${id}.native.zst`, stream) });
      done();
    }
    archived.push({ name, columns, parts });
  }
  return { version: engine.version, migrations, tables: archived };
}

/** Refuses a cluster: one server holds only a share, and ClickHouse's own tools back up all of them. */
function requireOneServer(tables: readonly { engine: string }[]): void {
  if (!tables.some(({ engine }) => engine === "Distributed")) return;
  throw new AppError("invalid_input", "The telemetry store is a cluster, which this verb cannot back up.", {
    hint: "Use ClickHouse's own: BACKUP DATABASE … ON CLUSTER … TO S3(…), and pg_dump for PostgreSQL.",
  });
}

/**
 * Attaches the tables' parts to a separate database, one table after the other.
 * Disposing removes that database; one left by a killed backup is removed first.
 */
async function setAside(clickhouse: ClickHouseClient, database: string, tables: readonly string[]) {
  const aside = `${database}_backup`;
  const nameOf = (table: string): string => `${quoted(aside)}.${quoted(table)}`;
  const run = (query: string): Promise<unknown> => clickhouse.command({ query });
  const remove = (): Promise<unknown> => run(`DROP DATABASE IF EXISTS ${quoted(aside)} SYNC`);
  await remove();
  await run(`CREATE DATABASE ${quoted(aside)}`);
  try {
    for (const table of tables) {
      await run(`CREATE TABLE ${nameOf(table)} AS ${quoted(database)}.${quoted(table)}`);
      // The rows are counted and then read: a merge in between would reduce them.
      await run(`SYSTEM STOP MERGES ${nameOf(table)}`);
    }
    for (const table of tables) await run(`ALTER TABLE ${nameOf(table)} ATTACH PARTITION ALL FROM ${quoted(database)}.${quoted(table)}`);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    nameOf,
    async [Symbol.asyncDispose]() {
      await remove();
    },
  };
}

/** Loads every row unchanged: no block is deduplicated, and duplicate rows are left to later merges, so that they can be counted. */
const LOADING = { async_insert: 0, insert_deduplicate: 0, optimize_on_insert: 0, wait_end_of_query: 1 } as const;

const Summary = z.object({ written_rows: z.coerce.number() });

/**
 * Loads the rows into an empty store with the schema of the backup. The rows that materialised views produce are in the
 * backup too, so the views are detached meanwhile. Throws where a table takes another number of rows than the backup states.
 */
export async function restoreTelemetry(
  clickhouse: ClickHouseClient,
  folder: string,
  { tables }: TelemetryArchive,
  done: () => void,
): Promise<void> {
  const sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView'";
  const views = await readRows(clickhouse, { sql, params: {} }, z.object({ name: z.string() }));
  for (const { name } of views) await clickhouse.command({ query: `DETACH TABLE ${quoted(name)}` });
  for (const { name, columns, parts } of tables) {
    for (const { rows, file } of parts) {
      const { stream, summary } = await clickhouse.exec({
        query: `INSERT INTO ${quoted(name)} (${columns.map(quoted).join(", ")}) FORMAT Native`,
        values: openArchiveFile(folder, file),
        clickhouse_settings: LOADING,
      });
      for await (const _ of stream);
      const { written_rows: written } = Summary.parse(summary);
      if (written !== rows)
        throw new AppError("infrastructure", `The table ${name} took ${written} rows of ${file.path}, which has ${rows}.`);
      done();
    }
  }
  for (const { name } of views) await clickhouse.command({ query: `ATTACH TABLE ${quoted(name)}` });
}

/** Whether a telemetry store has no tables yet; a missing database has none. */
export async function isTelemetryEmpty(clickhouseUrl: string): Promise<boolean> {
  const url = new URL(clickhouseUrl);
  const name = decodeURIComponent(url.pathname.slice(1)) || "default";
  url.pathname = "/";
  const clickhouse = createClickHouse(url.href);
  try {
    const sql = "SELECT count() AS count FROM system.tables WHERE database = {name:String}";
    const [row] = await readRows(clickhouse, { sql, params: { name } }, z.object({ count: Count }));
    return row?.count === 0;
  } finally {
    await clickhouse.close();
  }
}
