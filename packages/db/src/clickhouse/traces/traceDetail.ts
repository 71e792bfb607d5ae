import { boundId } from "../ids.ts";
import type { Statement } from "../readRows.ts";
import { OUTLINE_COLUMNS, OUTLINE_READ, SPAN_COLUMNS } from "./storedSpan.ts";

/** The starts of a trace's first and last span. Both are the epoch for a trace that is not stored. */
const TIMES = "(SELECT (min(first), max(last)) FROM trace_times WHERE project = {project:String} AND trace_id = unhex({traceId:String}))";

/**
 * The condition for the spans of a trace, on whatever day: `trace_times` knows when they start, and only that
 * range is searched. It is a subquery, so that the engine knows the range before it chooses what to read.
 */
export const OF_TRACE = `project = {project:String} AND trace_id = ${boundId("traceId")}
  AND start_time >= ${TIMES}.1 AND start_time <= ${TIMES}.2`;

/** One row per span, the one that arrived last: a version with another start than the one before is a separate row of the table. */
const onePerSpan = (columns: string): string =>
  `(SELECT ${columns} FROM spans WHERE ${OF_TRACE} ORDER BY received_at DESC LIMIT 1 BY span_id)`;

/** The outlines of a trace's spans in the order of their starts. */
export function traceOutline(project: string, traceId: string, spansMax: number): Statement {
  const sql = `SELECT ${OUTLINE_COLUMNS}
FROM ${onePerSpan(OUTLINE_READ)} AS spans
ORDER BY start_time, span_id
LIMIT {spansMax:UInt32}`;
  return { sql, params: { project, traceId, spansMax }, isSmall: true };
}

/** One span of a trace, whole. */
export function wholeSpan(project: string, traceId: string, spanId: string): Statement {
  const sql = `SELECT ${SPAN_COLUMNS}
FROM spans
WHERE ${OF_TRACE} AND span_id = ${boundId("spanId")}
ORDER BY received_at DESC
LIMIT 1`;
  return { sql, params: { project, traceId, spanId }, isSmall: true };
}

const FORWARD = "ORDER BY start_time, span_id";
const BACK = "ORDER BY start_time DESC, span_id DESC";

/** Upper limits for the number of spans and the bytes of their content. */
export interface EndsAsked {
  readonly spansMax: number;
  readonly bytesMax: number;
}

/**
 * The first and the last of a trace's spans with messages or a tool call, complete, in the order of their
 * starts: up to half of the limits from either end. The very first and the very last are included however large
 * they are; any other that alone exceeds half of the bytes is skipped, without hiding those behind it. Each row
 * has the total number of such spans (`spansAll`), their total bytes (`bytesAll`) and its own (`bytesOwn`).
 */
export function talkingEnds(project: string, traceId: string, { spansMax, bytesMax }: EndsAsked): Statement {
  const sql = `SELECT * FROM (
  SELECT ${SPAN_COLUMNS}, size AS bytesOwn, count() OVER () AS spansAll, sum(size) OVER () AS bytesAll,
    row_number() OVER (${FORWARD}) AS fromStart, row_number() OVER (${BACK}) AS fromEnd,
    size <= {halfBytes:UInt64} AS fits,
    sum(if(fits, size, 0)) OVER (${FORWARD} ROWS UNBOUNDED PRECEDING) AS bytesFromStart,
    sum(if(fits, size, 0)) OVER (${BACK} ROWS UNBOUNDED PRECEDING) AS bytesFromEnd
  FROM (
    SELECT *, length(system_messages) + length(input_messages) + length(output_messages) + length(tool_arguments) + length(tool_result)
      + arraySum(arrayMap(text -> length(text), mapValues(attributes))) AS size
    FROM ${onePerSpan("*")} AS spans
    WHERE (tool_name != '' OR input_messages NOT IN ('', '[]') OR output_messages NOT IN ('', '[]'))
  ) AS spans
)
WHERE fromStart = 1 OR fromEnd = 1
  OR (fits AND ((fromStart <= {half:UInt32} AND bytesFromStart <= {halfBytes:UInt64}) OR (fromEnd <= {half:UInt32} AND bytesFromEnd <= {halfBytes:UInt64})))
ORDER BY fromStart`;
  return { sql, params: { project, traceId, half: Math.floor(spansMax / 2), halfBytes: Math.floor(bytesMax / 2) }, isSmall: true };
}

/** The spans of a trace with messages or a tool call, complete, in the order of their starts. */
export function talkingSpans(project: string, traceId: string, spansMax: number): Statement {
  const sql = `SELECT ${SPAN_COLUMNS}
FROM ${onePerSpan("*")} AS spans
WHERE (tool_name != '' OR input_messages NOT IN ('', '[]') OR output_messages NOT IN ('', '[]'))
ORDER BY start_time, span_id
LIMIT {spansMax:UInt32}`;
  return { sql, params: { project, traceId, spansMax }, isSmall: true };
}
