import type { ClickHouseClient } from "@clickhouse/client";
import type { Score } from "@signalbox/model";
import { z } from "zod";
import { readRows, type Statement } from "./readRows.ts";

/** The scores of some traces and of their spans, a trace's own first. */
export function scoresOfTraces(project: string, traceIds: readonly string[], scoresMax: number): Statement {
  const sql = `SELECT project, toString(trace_id) AS traceId, span_id AS spanId, name, value, label, explanation, scorer,
  formatDateTime(time, '%Y-%m-%dT%H:%i:%S', 'UTC') || '.' || leftPad(toString(toUnixTimestamp64Milli(time) % 1000), 3, '0') || 'Z' AS time
FROM scores FINAL
WHERE project = {project:String} AND trace_id IN {traceIds:Array(String)}
ORDER BY trace_id, span_id, name, scorer
LIMIT {scoresMax:UInt32}`;
  return { sql, params: { project, traceIds, scoresMax } };
}

const Row = z
  .object({
    project: z.string(),
    traceId: z.string(),
    spanId: z.string(),
    name: z.string(),
    value: z.number(),
    label: z.string(),
    explanation: z.string(),
    scorer: z.string(),
    time: z.iso.datetime(),
  })
  .transform((row): Score => ({ ...row, spanId: row.spanId === "" ? null : row.spanId }));

/** Reads scores from one ClickHouse. */
export type ScoreReader = ReturnType<typeof createScoreReader>;

export function createScoreReader(clickhouse: ClickHouseClient) {
  return {
    /** At most `scoresMax` scores of the given traces, each by one scorer under one name. */
    byTraces(project: string, traceIds: readonly string[], scoresMax: number): Promise<Score[]> {
      return traceIds.length === 0 ? Promise.resolve([]) : readRows(clickhouse, scoresOfTraces(project, traceIds, scoresMax), Row);
    },
  };
}
