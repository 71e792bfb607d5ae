import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";
import { ledgerStatement, receivedByNow } from "./deletions.ts";

/** Small tables through which a trace is found. */
const WAYS = ["trace_times", "trace_keys"] as const;

/** Spans to drop while the table is being written to, as conditions over `params`, one of which is the `project`. */
export interface DroppedSpans {
  spans: string;
  /** The condition for traces that then have no spans left; evaluated only when there is something to drop. */
  emptied: () => Promise<string>;
  /** The reason in the ledger, and the time from which it may already have recorded some of them (`ledgerStatement`). */
  reason: string;
  since: string;
  params: Statement["params"];
}

const CountRow = z.object({ count: z.coerce.number() });

/** The number that a statement returns as `count`. */
export async function countOf(clickhouse: ClickHouseClient, statement: Statement): Promise<number> {
  const [row] = await readRows(clickhouse, statement, CountRow);
  return row?.count ?? 0;
}

/** Whether no query returns anything that was dropped so far. */
export async function isDropSettled(clickhouse: ClickHouseClient): Promise<boolean> {
  const sql = `SELECT count() AS count FROM system.mutations
WHERE database = currentDatabase() AND table IN ('spans', '${WAYS.join("', '")}') AND NOT is_done`;
  return (await countOf(clickhouse, { sql, params: {} })) === 0;
}

/**
 * Removes spans from all queries and returns how many rows they were. The ledger records them first, charts
 * are recomputed for the minutes that lose spans, and the ways to an emptied trace are removed. Merges free
 * the disk space. After a crash the whole is repeated: the spans go last, and recorded rows count once.
 */
export async function dropSpans(clickhouse: ClickHouseClient, dropped: DroppedSpans): Promise<number> {
  const { emptied, reason, since } = dropped;
  const { sql: spans, params } = await receivedByNow(clickhouse, "spans", { sql: dropped.spans, params: dropped.params });
  const count = await countOf(clickhouse, { sql: `SELECT count() AS count FROM spans FINAL WHERE ${spans}`, params });
  if (count === 0) return 0;
  const run = async (query: string, settings: Record<string, number> = {}): Promise<void> => {
    await clickhouse.command({ query, query_params: params, clickhouse_settings: settings });
  };
  await run(ledgerStatement("spans", spans, reason, since));
  // The count of arrivals stays but becomes younger, so that the minute is computed again.
  await run(`INSERT INTO minute_arrivals (project, minute, rows, arrived_at)
SELECT {project:String}, toStartOfMinute(start_time) AS minute, 0, now64(3) FROM spans WHERE ${spans} GROUP BY minute`);
  const traces = await emptied();
  for (const way of WAYS) await run(`DELETE FROM ${way} WHERE ${traces}`, { lightweight_deletes_sync: 0 });
  await run(`DELETE FROM spans WHERE ${spans}`, { lightweight_deletes_sync: 0 });
  return count;
}
