import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { boundIds, hexOf } from "../ids.ts";
import { readRows } from "../readRows.ts";

const Count = z.coerce.number();

const TraceCounts = z.object({ traceId: z.string(), spans: Count, spanRows: Count, decisions: Count });

/** The stored size of a trace. `spans` counts distinct ids, `spanRows` the rows a reader finds: a surplus means a span stored twice. */
export type TraceCounts = z.infer<typeof TraceCounts>;

/** Counts the stored spans of the traces `traceIds`, in any order; traces without any are missing. */
export async function countTraces(clickhouse: ClickHouseClient, project: string, traceIds: readonly string[]): Promise<TraceCounts[]> {
  const ofTraces = (ids: string): string => `FINAL WHERE project = {project:String} AND trace_id IN ${ids} GROUP BY trace_id`;
  const sql = `SELECT traceId, sum(different) AS spans, sum(found) AS spanRows, sum(decided) AS decisions
FROM (
  SELECT ${hexOf("trace_id")} AS traceId, uniqExact(span_id) AS different, count() AS found, 0 AS decided FROM spans ${ofTraces(boundIds("traceIds"))}
  UNION ALL
  SELECT toString(trace_id), 0, 0, count() FROM decisions ${ofTraces("{traceIds:Array(String)}")}
)
GROUP BY traceId`;
  return readRows(clickhouse, { sql, params: { project, traceIds } }, TraceCounts);
}
