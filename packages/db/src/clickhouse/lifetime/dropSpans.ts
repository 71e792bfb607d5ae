import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";
import { ledgerStatement, receivedByNow } from "./deletions.ts";

/** Small tables that lead to a trace. */
const WAYS = ["trace_times", "trace_keys"] as const;

/** Spans that leave the table while it is written to, as conditions over `params`, one of which is the `project`. */
export interface DroppedSpans {
  spans: string;
  /** The traces of which nothing is left then; asked for when there is something to drop. */
  emptied: () => Promise<string>;
  /** What the ledger calls it, and from when on it may have recorded some before (`ledgerStatement`). */
  reason: string;
  since: string;
  params: Statement["params"];
}

const CountRow = z.object({ count: z.coerce.number() });

/** The number that a statement answers as `count`. */
export async function countOf(clickhouse: ClickHouseClient, statement: Statement): Promise<number> {
  const [row] = await readRows(clickhouse, statement, CountRow);
  return row?.count ?? 0;
}

/** Whether everything that was dropped so far is gone from what is read. */
export async function isDropSettled(clickhouse: ClickHouseClient): Promise<boolean> {
  const sql = `SELECT count() AS count FROM system.mutations
WHERE database = currentDatabase() AND table IN ('spans', '${WAYS.join("', '")}') AND NOT is_done`;
  return (await countOf(clickhouse, { sql, params: {} })) === 0;
}

/**
 * Takes spans out of what is read and answers how many rows they were: the ledger has them first, the minutes
 * whose spans go are computed anew for charts, and nothing leads to an emptied trace any more. Merges take
 * them from the disk. After a crash it is repeated whole: the spans go last, and what was recorded counts once.
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
  // Their count of arrivals stays, and becomes younger.
  await run(`INSERT INTO minute_arrivals (project, minute, rows, arrived_at)
SELECT {project:String}, toStartOfMinute(start_time) AS minute, 0, now64(3) FROM spans WHERE ${spans} GROUP BY minute`);
  const traces = await emptied();
  for (const way of WAYS) await run(`DELETE FROM ${way} WHERE ${traces}`, { lightweight_deletes_sync: 0 });
  await run(`DELETE FROM spans WHERE ${spans}`, { lightweight_deletes_sync: 0 });
  return count;
}
