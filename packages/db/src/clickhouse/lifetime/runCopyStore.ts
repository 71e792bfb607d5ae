import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { countOf, dropSpans, isDropSettled } from "./dropSpans.ts";
import { COPY } from "./tailStore.ts";

/** One look at a project's copies: those whose root was received from `from` until before `until`, both milliseconds since 1970. */
export interface CopyRound {
  project: string;
  from: number;
  until: number;
}

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;

const NO_SPAN = "toFixedString('', 8)";

/**
 * A span that LangSmith's client made of a run without saying of which
 * (decode/langsmith/identifiedSpan.ts gives one that says it the run's own ids).
 */
const IS_COPY = "source = 'langsmith_otel' AND scope = 'langsmith' AND attributes['langsmith.span.id'] = ''";

/** The client for Python reckons in doubles: a time over OpenTelemetry is up to 256 ns from the run's, which is in whole microseconds. */
const micros = (time: string): string => `intDiv(toUnixTimestamp64Nano(${time}) + 500, 1000)`;

/** Not the kind: natively a run may say that it is of an agent or an evaluator, over OpenTelemetry it does not. */
const LIKENESS = `name, parent_span_id = ${NO_SPAN} AS is_root, ${micros("start_time")} AS began, ${micros("end_time")} AS ended`;

/** A trace whose spans came over more than this is not looked at whole, and stays. */
const TRACE_MINUTES_MAX = 60;

const IN_SIGHT = `project = {project:String} AND received_at >= ${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE`;

/** Traces whose root is a copy: a trace that began with a span of somebody else's is not one. */
const ROOTED = `SELECT trace_id FROM spans
WHERE project = {project:String} AND received_at >= ${moment("from")} AND received_at < ${moment("until")} AND parent_span_id = ${NO_SPAN} AND ${IS_COPY}`;

const edge = (of: string): string => `(SELECT ${of} FROM trace_times WHERE project = {project:String} AND trace_id IN (${ROOTED}))`;

const WHILE_THEY_RAN = `start_time >= ${edge("min(first)")} - INTERVAL 1 MICROSECOND AND start_time <= ${edge("max(last)")} + INTERVAL 1 MICROSECOND`;

/** Traces of which every span is in one and the same trace of runs too, its root as the root there: same name, start and end. */
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

/** Copies that were found in the last hours: what came of them after their verdict goes as well. */
const FOUND = `SELECT trace_id FROM trace_verdicts FINAL
WHERE project = {project:String} AND reason = '${COPY}' AND decided_at >= ${moment("until")} - INTERVAL 2 HOUR`;

const OF_FOUND = `${IN_SIGHT} AND trace_id IN (${FOUND})`;

const DROPPED = `${OF_FOUND} AND ${IS_COPY}`;

/** A span of somebody else's that came into such a trace later stays, and so does what leads to it. */
const EMPTIED = `project = {project:String} AND trace_id IN (${FOUND})
AND trace_id NOT IN (SELECT trace_id FROM spans WHERE ${OF_FOUND} AND NOT (${IS_COPY}))`;

/** What may have been told before is looked for among a day's deletions. */
const TOLD_SINCE = `minute >= toStartOfMinute(${moment("until")} - INTERVAL 1 DAY)`;

const Project = z.object({ project: z.string() });

/**
 * Traces that tell again, over OpenTelemetry and under ids of their own, what LangSmith's client told of the same runs natively
 * (docs/adr/020). Every method may be called again after a crash.
 */
export type RunCopyStore = ReturnType<typeof createRunCopyStore>;

export function createRunCopyStore(clickhouse: ClickHouseClient) {
  return {
    /** Whether everything that was dropped so far is gone from what is read. */
    isSettled: () => isDropSettled(clickhouse),

    /** Projects that received runs both ways since `from`, milliseconds since 1970. */
    async projects(from: number): Promise<string[]> {
      const sql = `SELECT project FROM ledger
WHERE minute >= toStartOfMinute(${moment("from")}) AND source IN ('langsmith', 'langsmith_otel') AND fate = 'stored'
GROUP BY project HAVING uniqExact(source) = 2 ORDER BY project`;
      return (await readRows(clickhouse, { sql, params: { from } }, Project)).map(({ project }) => project);
    },

    /** Takes the copies of a round out of what is read; answers how many spans they had. */
    async drop(round: CopyRound): Promise<number> {
      const params = { ...round };
      const rooted = await countOf(clickhouse, { sql: `SELECT count() AS count FROM (${ROOTED})`, params });
      if (rooted > 0) await clickhouse.command({ query: VERDICTS, query_params: params });
      // Any version of a span will do, which is found in a fraction of the time.
      const isAny = await countOf(clickhouse, {
        sql: `SELECT count() AS count FROM (SELECT 1 FROM spans WHERE ${DROPPED} LIMIT 1)`,
        params,
      });
      if (isAny === 0) return 0;
      return dropSpans(clickhouse, { spans: DROPPED, emptied: async () => EMPTIED, reason: COPY, since: TOLD_SINCE, params });
    },
  };
}
