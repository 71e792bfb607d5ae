import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { countOf, dropSpans, isDropSettled } from "./dropSpans.ts";
import { COPY } from "./tailStore.ts";

/** One round over a project's copies: those whose root was received in [`from`, `until`), both milliseconds since 1970. */
export interface CopyRound {
  project: string;
  from: number;
  until: number;
}

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;

const NO_SPAN = "toFixedString('', 8)";

/**
 * A span that LangSmith's client made of a run without naming the run (where it
 * does, decode/langsmith/identifiedSpan.ts gives the span the run's own ids).
 */
const IS_COPY = "source = 'langsmith_otel' AND scope = 'langsmith' AND attributes['langsmith.span.id'] = ''";

/**
 * The client for Python computes with doubles: a time sent over OpenTelemetry
 * is up to 256 ns off the run's, which is in whole microseconds.
 */
const micros = (time: string): string => `intDiv(toUnixTimestamp64Nano(${time}) + 500, 1000)`;

/** The kind is not compared: natively a run may be marked as an agent's or an evaluator's, over OpenTelemetry it is not. */
const LIKENESS = `name, parent_span_id = ${NO_SPAN} AS is_root, ${micros("start_time")} AS began, ${micros("end_time")} AS ended`;

/** Traces whose spans arrived over a longer time are not seen whole, and stay. */
const TRACE_MINUTES_MAX = 60;

const IN_SIGHT = `project = {project:String} AND received_at >= ${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE`;

/** Traces whose root is a copy: a trace that began with a foreign span is not a copy. */
const ROOTED = `SELECT trace_id FROM spans
WHERE project = {project:String} AND received_at >= ${moment("from")} AND received_at < ${moment("until")} AND parent_span_id = ${NO_SPAN} AND ${IS_COPY}`;

const edge = (of: string): string => `(SELECT ${of} FROM trace_times WHERE project = {project:String} AND trace_id IN (${ROOTED}))`;

const WHILE_THEY_RAN = `start_time >= ${edge("min(first)")} - INTERVAL 1 MICROSECOND AND start_time <= ${edge("max(last)")} + INTERVAL 1 MICROSECOND`;

/** Traces whose every span has a counterpart (same name, start and end) in one and the same trace of runs, its root as the root there. */
const VERDICTS = `
INSERT INTO trace_verdicts (project, trace_id, is_kept, reason, decided_at)
WITH
  spans_of_copies AS (
    SELECT trace_id, span_id, received_at, ${IS_COPY} AS is_copy, ${LIKENESS}
    FROM spans FINAL WHERE project = {project:String} AND trace_id IN (${ROOTED}) AND ${WHILE_THEY_RAN}
  ),
  runs AS (
    SELECT trace_id AS run_trace, ${LIKENESS}
    FROM spans FINAL WHERE project = {project:String} AND source = 'langsmith' AND ${WHILE_THEY_RAN}
  )
SELECT DISTINCT {project:String}, trace_id, false, '${COPY}', ${moment("until")}
FROM (
  SELECT trace_id, run_trace, uniqExact(span_id) AS alike, max(is_root) AS has_root
  FROM (SELECT * FROM spans_of_copies WHERE is_copy) AS copies INNER JOIN runs USING (name, is_root, began, ended)
  GROUP BY trace_id, run_trace
) AS pairs
INNER JOIN (
  SELECT trace_id, uniqExact(span_id) AS spans, min(received_at) AS first_received FROM spans_of_copies GROUP BY trace_id
) AS wholes USING (trace_id)
WHERE trace_id != run_trace AND alike = spans AND has_root AND first_received >= ${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE`;

/** Copies found in the last hours: spans of theirs that arrived after the verdict are dropped as well. */
const FOUND = `SELECT trace_id FROM trace_verdicts FINAL
WHERE project = {project:String} AND reason = '${COPY}' AND decided_at >= ${moment("until")} - INTERVAL 2 HOUR`;

const OF_FOUND = `${IN_SIGHT} AND trace_id IN (${FOUND})`;

const DROPPED = `${OF_FOUND} AND ${IS_COPY}`;

/** A foreign span that arrived in such a trace later stays, and so do the ways to it. */
const EMPTIED = `project = {project:String} AND trace_id IN (${FOUND})
AND trace_id NOT IN (SELECT trace_id FROM spans WHERE ${OF_FOUND} AND NOT (${IS_COPY}))`;

/** The part of the ledger in which earlier records of these drops may be: one day. */
const TOLD_SINCE = `minute >= toStartOfMinute(${moment("until")} - INTERVAL 1 DAY)`;

const Project = z.object({ project: z.string() });

/**
 * Drops traces that repeat over OpenTelemetry, under ids of their own, what LangSmith's client
 * reported of the same runs natively (docs/adr/020). Every method may be repeated after a crash.
 */
export type RunCopyStore = ReturnType<typeof createRunCopyStore>;

export function createRunCopyStore(clickhouse: ClickHouseClient) {
  return {
    /** Whether no query returns anything that was dropped so far. */
    isSettled: () => isDropSettled(clickhouse),

    /** Projects that received runs both ways since `from`, milliseconds since 1970. */
    async projects(from: number): Promise<string[]> {
      const sql = `SELECT project FROM ledger
WHERE minute >= toStartOfMinute(${moment("from")}) AND source IN ('langsmith', 'langsmith_otel') AND fate = 'stored'
GROUP BY project HAVING uniqExact(source) = 2 ORDER BY project`;
      return (await readRows(clickhouse, { sql, params: { from } }, Project)).map(({ project }) => project);
    },

    /** Drops the copies of a round; returns the number of their spans. */
    async drop(round: CopyRound): Promise<number> {
      const params = { ...round };
      const rooted = await countOf(clickhouse, { sql: `SELECT count() AS count FROM (${ROOTED})`, params });
      if (rooted > 0) await clickhouse.command({ query: VERDICTS, query_params: params });
      // Any version of a span will do, and is found in a fraction of the time.
      const isAny = await countOf(clickhouse, {
        sql: `SELECT count() AS count FROM (SELECT 1 FROM spans WHERE ${DROPPED} LIMIT 1)`,
        params,
      });
      if (isAny === 0) return 0;
      return dropSpans(clickhouse, { spans: DROPPED, emptied: async () => EMPTIED, reason: COPY, since: TOLD_SINCE, params });
    },
  };
}
