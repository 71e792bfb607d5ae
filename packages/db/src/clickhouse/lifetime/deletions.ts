import type { ClickHouseClient } from "@clickhouse/client";
import type { TableRows } from "@signalbox/model";
import { z } from "zod";
import { FINGERPRINTS } from "../fingerprint.ts";
import { readRows, type Statement } from "../readRows.ts";

/** Rows of a table to delete, and the reason: `condition` is SQL over `params`, one of which is the `project`. */
export interface Deletion extends Statement {
  table: string;
  reason: string;
}

/** The time limit for searching a table, in seconds. */
export const LOOK_SECONDS_MAX = 3_600;

const Count = z.object({ rows: z.coerce.number() });

const isCounted = (table: string): table is keyof typeof FINGERPRINTS => table in FINGERPRINTS;

/**
 * The statement that records the rows about to be deleted in the ledger, by the minute in which they were received,
 * so that reconciliation does not report them missing. Rows already recorded are not counted again: after a crash
 * between recording and deleting, they are still in the table. `since` bounds the search of the ledger.
 */
export function ledgerStatement(table: keyof typeof FINGERPRINTS, condition: string, reason: string, since = "1"): string {
  return `
INSERT INTO ledger (project, source, minute, fate, reason, records, fingerprints)
SELECT {project:String}, source, minute, 'deleted', '${reason}', rows - bitmapAndCardinality(going, gone) AS records, going
FROM (
  SELECT source, toStartOfMinute(received_at) AS minute, count() AS rows, groupBitmapState(${FINGERPRINTS[table]}) AS going
  FROM ${table} FINAL WHERE source != '' AND ${condition} GROUP BY source, minute
) AS going_rows
LEFT JOIN (
  SELECT source, minute, groupBitmapMergeState(fingerprints) AS gone
  FROM ledger
  WHERE project = {project:String} AND fate = 'deleted' AND ${since}
  GROUP BY source, minute
) AS recorded USING (source, minute)`;
}

/** The number of rows that a reader finds and that are to be deleted. */
export async function countRows(clickhouse: ClickHouseClient, { table, sql, params }: Deletion): Promise<TableRows> {
  const query = { sql: `SELECT count() AS rows FROM ${table} FINAL WHERE ${sql}`, params };
  const [row] = await readRows(clickhouse, query, Count, LOOK_SECONDS_MAX);
  return { table, rows: row?.rows ?? 0 };
}

const Newest = z.object({ us: z.coerce.number() });

/**
 * Limits a deletion to rows received by now. A row that arrives between the ledger's record
 * and the deletion is younger and stays: deleting it unrecorded would make it look lost.
 */
export async function receivedByNow(
  clickhouse: ClickHouseClient,
  table: keyof typeof FINGERPRINTS,
  { sql, params }: Statement,
): Promise<Statement> {
  const query = { sql: `SELECT toUnixTimestamp64Micro(max(received_at)) AS us FROM ${table} WHERE ${sql}`, params };
  const [newest] = await readRows(clickhouse, query, Newest, LOOK_SECONDS_MAX);
  return {
    sql: `(${sql}) AND received_at <= fromUnixTimestamp64Micro({newestUs:Int64}, 'UTC')`,
    params: { ...params, newestUs: newest?.us ?? 0 },
  };
}

/** Records the rows to delete in the ledger; returns how many a reader finds. */
export async function recordDeletion(clickhouse: ClickHouseClient, deletion: Deletion): Promise<TableRows> {
  const found = await countRows(clickhouse, deletion);
  const { table, sql, params, reason } = deletion;
  if (found.rows > 0 && isCounted(table)) {
    await clickhouse.command({ query: ledgerStatement(table, sql, reason), query_params: params, clickhouse_settings: WHOLE });
  }
  return found;
}

/**
 * Deletes rows in all their versions; returns how many a reader found. When it resolves no query returns them any
 * more, and parts without them are on disk; the parts with them are inactive, and their files are removed as after any
 * merge: at the latest a minute after the table's `old_parts_lifetime` (docs/adr/010). Repeating it finds nothing.
 */
export async function deleteRows(clickhouse: ClickHouseClient, deletion: Deletion): Promise<TableRows> {
  const { table } = deletion;
  const bound = isCounted(table) ? { ...deletion, ...(await receivedByNow(clickhouse, table, deletion)) } : deletion;
  const found = await recordDeletion(clickhouse, bound);
  const run = (query: string, settings = {}): Promise<unknown> =>
    clickhouse.command({ query, query_params: bound.params, clickhouse_settings: { ...WHOLE, ...settings } });
  if (found.rows > 0) {
    await run(`DELETE FROM ${table} WHERE ${bound.sql}`);
    // Inserts overtake each other: rows that landed after the ledger was told, but were received before the newest, went with them.
    if (isCounted(table)) await run(ledgerStatement(table, bound.sql, bound.reason), { apply_deleted_mask: 0 });
  }
  // Even where nothing was found: a deletion that was interrupted here left rows that are hidden but still on disk.
  await run(`ALTER TABLE ${table} APPLY DELETED MASK`);
  return found;
}

/** Waits until every replica is done. */
const WHOLE = { lightweight_deletes_sync: "2", mutations_sync: "2", max_execution_time: LOOK_SECONDS_MAX } as const;
