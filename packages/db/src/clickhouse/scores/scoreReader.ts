import type { ClickHouseClient } from "@clickhouse/client";
import type { Score } from "@signalbox/model";
import { z } from "zod";
import { hexOf, isRoot } from "../ids.ts";
import { readRows, type Statement } from "../readRows.ts";
import { OF_TRACE } from "../traces/traceDetail.ts";

/**
 * Trace ids in scores that contain only the trace's root span id: zeros, then that id. LangSmith's client for JavaScript
 * writes them for runs that it reports over OpenTelemetry. `scope` is SQL that selects the spans of the traces.
 */
export const namedByRoot = (scope: string): string =>
  `SELECT repeat('0', 16) || ${hexOf("span_id")} FROM spans WHERE ${scope} AND source = 'langsmith_otel' AND ${isRoot()}`;

/** A row's time, as ISO 8601 in UTC. */
export const TIME =
  "formatDateTime(time, '%Y-%m-%dT%H:%i:%S', 'UTC') || '.' || leftPad(toString(toUnixTimestamp64Milli(toDateTime64(time, 3, 'UTC')) % 1000), 3, '0') || 'Z'";

const scoresOf = (
  traceId: string,
  condition: string,
): string => `SELECT project, ${traceId} AS traceId, span_id AS spanId, name, value, label, explanation, scorer,
  ${TIME} AS time, feedback_id AS feedbackId, feedback_run AS feedbackRun
FROM scores FINAL
WHERE project = {project:String} AND ${condition}
ORDER BY trace_id, span_id, name, scorer, scores.time, feedback_id
LIMIT {scoresMax:UInt32}`;

/** The scores of several traces and of their spans, a trace's own first. */
export function scoresOfTraces(project: string, traceIds: readonly string[], scoresMax: number): Statement {
  return { sql: scoresOf("toString(trace_id)", "trace_id IN {traceIds:Array(String)}"), params: { project, traceIds, scoresMax } };
}

/** All scores of one trace and of its spans, including those that name it by its root span. */
export function scoresOfTrace(project: string, traceId: string, scoresMax: number): Statement {
  const condition = `(trace_id = {traceId:String} OR trace_id IN (${namedByRoot(OF_TRACE)}))`;
  return { sql: scoresOf("{traceId:String}", condition), params: { project, traceId, scoresMax } };
}

/** A row's score: an empty span is the whole trace, and an empty id is no feedback. */
export function scoreIn<Row extends { spanId: string; feedbackId: string; feedbackRun: string }>(row: Row) {
  const { spanId, feedbackId, feedbackRun, ...told } = row;
  return {
    ...told,
    spanId: spanId === "" ? null : spanId,
    ...(feedbackId === "" ? {} : { feedback: { id: feedbackId, runId: feedbackRun } }),
  };
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
    feedbackId: z.string(),
    feedbackRun: z.string(),
  })
  .transform((row): Score => scoreIn(row));

/** Reads scores from one ClickHouse. */
export type ScoreReader = ReturnType<typeof createScoreReader>;

export function createScoreReader(clickhouse: ClickHouseClient) {
  return {
    /** At most `scoresMax` scores of a trace and of its spans, one per scorer and name (and feedback), the trace's own first. */
    ofTrace(project: string, traceId: string, scoresMax: number): Promise<Score[]> {
      return readRows(clickhouse, scoresOfTrace(project, traceId, scoresMax), Row);
    },

    /** The names of a project's scores, most frequent first. */
    async names(project: string, namesMax: number): Promise<string[]> {
      const sql =
        "SELECT name FROM scores WHERE project = {project:String} GROUP BY name ORDER BY count() DESC, name LIMIT {namesMax:UInt32}";
      return (await readRows(clickhouse, { sql, params: { project, namesMax } }, z.object({ name: z.string() }))).map(({ name }) => name);
    },

    /** The scores of several traces, for lists; without those that name their trace by its root span. */
    byTraces(project: string, traceIds: readonly string[], scoresMax: number): Promise<Score[]> {
      return traceIds.length === 0 ? Promise.resolve([]) : readRows(clickhouse, scoresOfTraces(project, traceIds, scoresMax), Row);
    },
  };
}
