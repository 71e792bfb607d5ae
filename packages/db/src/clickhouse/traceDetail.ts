import { boundId } from "./ids.ts";
import type { Statement } from "./readRows.ts";
import { OUTLINE_COLUMNS, SPAN_COLUMNS } from "./storedSpan.ts";

const ofTrace = `project = {project:String} AND trace_id = ${boundId("traceId")}`;
const between =
  "start_time >= fromUnixTimestamp64Nano({first:Int64}, 'UTC') AND start_time <= fromUnixTimestamp64Nano({last:Int64}, 'UTC')";

/** One row per span, the one that arrived last: a version that tells another start than the one before it is a row of its own in the table. */
const onePerSpan = (scope: string): string => `(SELECT * FROM spans WHERE ${scope} ORDER BY received_at DESC LIMIT 1 BY span_id)`;

/** When a trace's spans start, whatever day it is of; the statements below search that span of time alone. */
export function traceBounds(project: string, traceId: string): Statement {
  const sql = `SELECT toString(toUnixTimestamp64Nano(min(trace_times.first))) AS first, toString(toUnixTimestamp64Nano(max(trace_times.last))) AS last
FROM trace_times
WHERE ${ofTrace}
HAVING count() > 0`;
  return { sql, params: { project, traceId }, isSmall: true };
}

/** The two moments that `traceBounds` answers. */
export type TraceBounds = { first: string; last: string };

/** The outlines of a trace's spans in the order that they started. */
export function traceOutline(project: string, traceId: string, bounds: TraceBounds, spansMax: number): Statement {
  const sql = `SELECT ${OUTLINE_COLUMNS}
FROM ${onePerSpan(`${ofTrace} AND ${between}`)} AS spans
ORDER BY start_time, span_id
LIMIT {spansMax:UInt32}`;
  return { sql, params: { project, traceId, ...bounds, spansMax }, isSmall: true };
}

/** One span of a trace, whole. */
export function wholeSpan(project: string, traceId: string, spanId: string, bounds: TraceBounds): Statement {
  const sql = `SELECT ${SPAN_COLUMNS}
FROM spans
WHERE ${ofTrace} AND ${between} AND span_id = ${boundId("spanId")}
ORDER BY received_at DESC
LIMIT 1`;
  return { sql, params: { project, traceId, spanId, ...bounds }, isSmall: true };
}

/** The spans of a trace that carry messages or a tool call, whole, in the order that they started. */
export function talkingSpans(project: string, traceId: string, bounds: TraceBounds, spansMax: number): Statement {
  const sql = `SELECT ${SPAN_COLUMNS}
FROM ${onePerSpan(`${ofTrace} AND ${between}`)} AS spans
WHERE (tool_name != '' OR input_messages NOT IN ('', '[]') OR output_messages NOT IN ('', '[]'))
ORDER BY start_time, span_id
LIMIT {spansMax:UInt32}`;
  return { sql, params: { project, traceId, ...bounds, spansMax }, isSmall: true };
}
