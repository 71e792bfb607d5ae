import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { isRoot } from "../ids.ts";
import { readRows } from "../readRows.ts";

const Count = z.coerce.number();

const Counts = z.object({ spans: Count, traces: Count, decisions: Count, logs: Count, scores: Count, rejected: Count });
const Rejection = z.object({ source: z.string(), reason: z.string(), records: Count });

/** The numbers of stored records of a project. `traces` counts root spans; a row that was sent twice and is not merged yet counts once. */
export type StoredCounts = z.infer<typeof Counts>;

/** Reasons why acknowledged records could not be stored, most frequent first. */
export type Rejection = z.infer<typeof Rejection>;

export type Inventory = ReturnType<typeof createInventory>;

/** Counts the content of one ClickHouse. */
export function createInventory(clickhouse: ClickHouseClient) {
  return {
    async counts(project: string): Promise<StoredCounts> {
      const of = (table: string, condition = "1"): string =>
        `(SELECT count() FROM ${table} FINAL WHERE project = {project:String} AND ${condition}) AS `;
      const sql = `SELECT ${of("spans")}spans, ${of("spans", isRoot())}traces, ${of("decisions")}decisions, ${of("logs")}logs, ${of("scores")}scores, ${of("rejected")}rejected`;
      const [counts] = await readRows(clickhouse, { sql, params: { project } }, Counts);
      return counts ?? { spans: 0, traces: 0, decisions: 0, logs: 0, scores: 0, rejected: 0 };
    },

    rejections(project: string, reasonsMax: number): Promise<Rejection[]> {
      const sql = `SELECT source, reason, count() AS records
FROM rejected FINAL
WHERE project = {project:String}
GROUP BY source, reason
ORDER BY records DESC, source, reason
LIMIT {reasonsMax:UInt32}`;
      return readRows(clickhouse, { sql, params: { project, reasonsMax } }, Rejection);
    },

    /** Throws an `AppError` when the engine does not answer. */
    async ping(): Promise<void> {
      await readRows(clickhouse, { sql: "SELECT 1 AS one", params: {} }, z.object({ one: Count }));
    },
  };
}
