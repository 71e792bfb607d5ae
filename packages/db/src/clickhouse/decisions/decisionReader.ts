import type { ClickHouseClient } from "@clickhouse/client";
import { Decision } from "@signalbox/model";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";

/**
 * The decisions of every task that decided something in a trace: whole
 * tasks, so that their chains can be verified, ordered by task and `seq`.
 */
export function decisionsOfTrace(project: string, traceId: string, decisionsMax: number): Statement {
  const sql = `SELECT record
FROM decisions FINAL
WHERE project = {project:String}
  AND task_id IN (SELECT task_id FROM decisions WHERE project = {project:String} AND trace_id = {traceId:String})
ORDER BY task_id, seq
LIMIT {decisionsMax:UInt32}`;
  return { sql, params: { project, traceId, decisionsMax } };
}

const Row = z.object({ record: z.string() }).transform(({ record }) => Decision.parse(JSON.parse(record)));

/** Reads the decision log as relayed to one ClickHouse. */
export type DecisionReader = ReturnType<typeof createDecisionReader>;

export function createDecisionReader(clickhouse: ClickHouseClient) {
  return {
    /** At most `decisionsMax` decisions; none for a trace that no task of ours produced. */
    byTrace(project: string, traceId: string, decisionsMax: number): Promise<Decision[]> {
      return readRows(clickhouse, decisionsOfTrace(project, traceId, decisionsMax), Row);
    },
  };
}
