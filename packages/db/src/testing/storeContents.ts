import pg from "pg";
import { z } from "zod";
import { createClickHouse } from "../clickhouse/index.ts";
import { readRows } from "../clickhouse/readRows.ts";

/** The number of rows that a reader finds in each table, and a hash of their content. */
export type Contents = Record<string, string>;

const Name = z.object({ name: z.string() });
const Table = Name.extend({ final: z.string() });
const Content = z.object({ content: z.string() });

/** A small set of fingerprints keeps the order of insertion: equal sets may differ in their bytes. */
const LEDGER = "* EXCEPT (fingerprints), arraySort(bitmapToArray(fingerprints))";

/** The contents of a telemetry store's tables, except the record of its migrations. */
export async function telemetryContents(clickhouseUrl: string): Promise<Contents> {
  const clickhouse = createClickHouse(clickhouseUrl);
  const ask = <T>(schema: z.ZodType<T>, sql: string): Promise<T[]> => readRows(clickhouse, { sql, params: {} }, schema);
  const tables = await ask(
    Table,
    "SELECT name, if(engine = 'MergeTree', '', 'FINAL') AS final FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'schema_migrations' ORDER BY name",
  );
  const contents: Contents = {};
  for (const { name, final } of tables) {
    const sql = `SELECT concat(toString(count()), ' ', toString(groupBitXor(cityHash64(formatRow('RowBinary', ${name === "ledger" ? LEDGER : "*"}))))) AS content FROM ${name} ${final}`;
    contents[name] = (await ask(Content, sql))[0]?.content ?? "";
  }
  await clickhouse.close();
  return contents;
}

/** The contents of a state store's tables, except the record of its migrations. */
export async function stateContents(databaseUrl: string): Promise<Contents> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const rowsOf = async <T>(schema: z.ZodType<T>, sql: string): Promise<T[]> => z.array(schema).parse((await client.query(sql)).rows);
  const tables = await rowsOf(
    Name,
    "SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname != '_prisma_migrations' ORDER BY relname",
  );
  const contents: Contents = {};
  for (const { name } of tables) {
    const sql = `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS content FROM "${name}" AS t`;
    contents[name] = (await rowsOf(Content, sql))[0]?.content ?? "";
  }
  await client.end();
  return contents;
}
