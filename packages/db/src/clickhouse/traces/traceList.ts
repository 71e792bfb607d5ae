import type { TimeWindow, TraceFilter } from "@signalbox/model";
import { boundId, hexOf, isRoot } from "../ids.ts";
import type { Statement } from "../readRows.ts";
import { isAboutRootless, isAboutRoots } from "./facetConditions.ts";
import { all, FROM_FIRST, filterParams, inWindow, moment, NEARBY, rootConditions, traceConditions } from "./traceFilter.ts";

/** The key of a trace in the list's order, at which a page ended. */
export type TraceKey = { startTimeUnixNano: string; traceId: string };

/**
 * A query for a page of traces. The list's order is (start time, trace id), newest first; `direction` tells on which side
 * of `cursor` the page lies. A page of direction `newer` is in ascending order: its first trace is the cursor's neighbour.
 */
export type TraceListQuery = {
  project: string;
  window: TimeWindow;
  filter: TraceFilter;
  cursor: TraceKey | null;
  direction: "older" | "newer";
  limit: number;
};

/**
 * The condition that a key lies on the requested side of the cursor; its first part alone lets the engine skip ranges of the sorting key.
 */
function beyondCursor({ cursor, direction }: Pick<TraceListQuery, "cursor" | "direction">, start: string): string[] {
  if (cursor === null) return [];
  const [side, orAt] = direction === "older" ? ["<", "<="] : [">", ">="];
  const at = moment("cursorTime");
  return [`${start} ${orAt} ${at}`, `(${start} ${side} ${at} OR trace_id ${side} ${boundId("cursorTraceId")})`];
}

function keyParams(query: TraceListQuery): Record<string, unknown> {
  const cursor = query.cursor === null ? {} : { cursorTime: query.cursor.startTimeUnixNano, cursorTraceId: query.cursor.traceId };
  return { project: query.project, ...query.window, ...cursor, limit: query.limit, ...filterParams(query.filter) };
}

const orderOf = ({ direction }: TraceListQuery): string => (direction === "older" ? "DESC" : "ASC");

/** The columns of a trace's key, with its list position in `began`. */
const keyOf = (began: string): string => `${hexOf("trace_id")} AS traceId, toString(toUnixTimestamp64Nano(${began})) AS startTimeUnixNano`;

/**
 * The keys of the traces with a root span, in any version ever sent: read in the table's own order,
 * so that a page costs only what it shows. A filter that few pass is searched by several threads.
 */
export function rootKeys(query: TraceListQuery): Statement {
  const order = orderOf(query);
  const sql = `SELECT ${keyOf("start_time")}
FROM spans
WHERE ${all([...inWindow, ...beyondCursor(query, "start_time"), ...rootConditions(query.filter)])}
ORDER BY start_time ${order}, trace_id ${order}
LIMIT 1 BY start_time, trace_id
LIMIT {limit:UInt32}`;
  const isSearch = query.filter.name !== undefined || query.filter.minDurationMs !== undefined;
  return { sql, params: keyParams(query), ...(isSearch ? {} : { isSmall: true }) };
}

/**
 * The part of a query's window that is searched for traces without a root: as far as a page
 * filled by these `roots` reaches, because near the newest spans the window may hold millions.
 */
export function besideRoots(query: TraceListQuery, roots: readonly TraceKey[]): TraceListQuery {
  const edge = roots.at(query.limit - 1)?.startTimeUnixNano;
  if (edge === undefined) return query;
  const { from, to } = query.window;
  const window = query.direction === "older" ? { from: edge, to } : { from, to: String(BigInt(edge) + 1n) };
  return { ...query, window };
}

/** Windows up to this length are read completely to find their traces without a root. */
const NARROW_NS = 3_600_000_000_000n;

/** Rows of `trace_times` that touch the window. A trace's rows are merged at some later time: until then each knows only its own part. */
const TOUCHING = ["project = {project:String}", `last >= ${moment("from")}`, `first < ${moment("to")}`];

/** `trace_id` of the traces without a root span according to the rows of `trace_times` that meet the conditions. */
const seeminglyRootless = (conditions: readonly string[]): string =>
  `SELECT trace_id FROM trace_times WHERE ${all(conditions)} GROUP BY trace_id HAVING max(is_rooted) = 0`;

/** The traces among `candidates` that have no root span at any time and began in the window or after it, as (began, trace_id). */
function rootless(candidates: string, having: readonly string[] = []): string {
  return `SELECT min(first) AS began, trace_id
FROM trace_times
WHERE project = {project:String} AND trace_id IN (${candidates})
GROUP BY trace_id
HAVING ${all(["max(is_rooted) = 0", `began >= ${moment("from")}`, ...having])}`;
}

/** The keys of the traces without a root span whose first span is in the window. */
export function rootlessKeys(query: TraceListQuery): Statement {
  const { window, filter } = query;
  const order = orderOf(query);
  const isNarrow = BigInt(window.to) - BigInt(window.from) <= NARROW_NS;
  const candidates = isNarrow
    ? `SELECT trace_id FROM spans WHERE ${all(inWindow)} GROUP BY trace_id HAVING countIf(${isRoot()}) = 0`
    : seeminglyRootless(TOUCHING);
  const say = (test: string): string =>
    `trace_id IN (SELECT trace_id FROM spans WHERE ${all([...inWindow, `trace_id IN (${candidates})`])} GROUP BY trace_id HAVING ${test})`;
  const having = beyondCursor(query, "began");
  if (filter.name !== undefined) having.push(say("positionCaseInsensitiveUTF8(argMin(name, start_time), {name:String}) > 0"));
  if (filter.minDurationMs !== undefined) {
    const isLong = say("toUnixTimestamp64Nano(max(end_time)) - toUnixTimestamp64Nano(min(start_time)) >= {minDurationNs:Int64}");
    // A trace that continues after the window is left to its totals, which know its duration.
    having.push(`(max(last) >= ${moment("to")} OR ${isLong})`);
  }
  const sql = `SELECT ${keyOf("began")}
FROM (
${rootless(candidates, having)}
)
ORDER BY began ${order}, trace_id ${order}
LIMIT {limit:UInt32}`;
  return { sql, params: keyParams(query) };
}

/** The number of rows that arrived for each minute of a window, as `MinuteArrivals`. */
export function minuteArrivals(project: string, window: TimeWindow): Statement {
  const sql = `SELECT toUnixTimestamp(minute) AS minute, sum(rows) AS rows
FROM minute_arrivals
WHERE project = {project:String} AND minute >= toStartOfMinute(${moment("from")}) AND minute < ${moment("to")}
GROUP BY minute`;
  return { sql, params: { project, ...window }, isSmall: true };
}

/** Keys in a list's order, limited as the query asks. */
export function inListOrder({ direction, limit }: TraceListQuery, keys: readonly TraceKey[]): TraceKey[] {
  const ascending = keys.toSorted((a, b) => {
    const [startOfA, startOfB] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
    if (startOfA !== startOfB) return startOfA < startOfB ? -1 : 1;
    return a.traceId < b.traceId ? -1 : 1;
  });
  return (direction === "older" ? ascending.toReversed() : ascending).slice(0, limit);
}

/**
 * The keys of the traces with a span that meets the filter's conditions, under the start of
 * their earliest span. Conditions on the root span are included where there must be one.
 */
export function foundKeys(query: TraceListQuery): Statement {
  const order = orderOf(query);
  const isRooted = query.filter.status === "ok" || query.filter.status === "error";
  const conditions = traceConditions(
    query.filter,
    { versions: "any", near: FROM_FIRST },
    isRooted ? [`(${rootConditions(query.filter).join(" AND ")})`] : [],
  );
  const sql = `SELECT ${keyOf("min(first)")}
FROM trace_times
WHERE ${all(["project = {project:String}", ...conditions])}
GROUP BY trace_id
HAVING ${all([`min(first) >= ${moment("from")}`, `min(first) < ${moment("to")}`, ...beyondCursor(query, "min(first)")])}
ORDER BY min(first) ${order}, trace_id ${order}
LIMIT {limit:UInt32}`;
  return { sql, params: keyParams(query) };
}

/** The smallest number of a session's or a user's traces that is read for a page. */
const OWN_TRACES_MIN = 200;

/**
 * The keys of a session's or a user's traces, under the start of their earliest span. `trace_keys` has a resolution
 * of hours: all traces of the hours that the cursor may cut are read, and beyond them enough hours to fill the page.
 */
export function ownKeys(query: TraceListQuery, key: "session" | "user"): Statement {
  const order = orderOf(query);
  const isOlder = query.direction === "older";
  const near = query.cursor === null ? moment(isOlder ? "to" : "from") : moment("cursorTime");
  const nearHour = `toStartOfHour(${near})`;
  const traces = `SELECT trace_id FROM trace_keys WHERE project = {project:String} AND key = '${key}' AND value = {${key}:String}`;
  const cut = `hour >= ${nearHour} AND hour <= ${near}${isOlder ? " + INTERVAL 1 DAY" : ""}`;
  const beyond = isOlder
    ? `hour < ${nearHour} AND hour >= toStartOfHour(${moment("from")}) GROUP BY trace_id ORDER BY max(hour) DESC`
    : `hour > ${near} AND hour <= ${moment("to")} GROUP BY trace_id ORDER BY min(hour)`;
  const sql = `SELECT ${keyOf("min(first)")}
FROM trace_times
WHERE project = {project:String} AND trace_id IN (
  (${traces} AND ${cut})
  UNION ALL
  (${traces} AND ${beyond} LIMIT {tracesMax:UInt32} WITH TIES)
)
GROUP BY trace_id
HAVING ${all([`min(first) >= ${moment("from")}`, `min(first) < ${moment("to")}`, ...beyondCursor(query, "min(first)")])}
ORDER BY min(first) ${order}, trace_id ${order}
LIMIT {limit:UInt32}`;
  return { sql, params: { ...keyParams(query), tracesMax: Math.max(OWN_TRACES_MIN, 2 * query.limit) } };
}

/**
 * The number of traces that began in each of `buckets` equal slices of the window, and how many of them failed. Traces
 * without a root begin with their earliest span; where the filter asks for something of the root they are not counted.
 */
export function traceHistogram(project: string, window: TimeWindow, filter: TraceFilter, buckets: number): Statement {
  const widthNs = String((BigInt(window.to) - BigInt(window.from) + BigInt(buckets) - 1n) / BigInt(buckets));
  const conditions = traceConditions(filter, { versions: "latest", near: NEARBY });
  const rooted = `SELECT trace_id, start_time AS began, status = 'error' AS isFailed FROM spans FINAL
  WHERE ${all([...inWindow, ...rootConditions(filter), ...conditions])}`;
  const others = `SELECT trace_id, began, false AS isFailed FROM (${rootless(seeminglyRootless([...TOUCHING, ...conditions]))})`;
  const asksOfRoot = filter.name !== undefined || filter.minDurationMs !== undefined;
  const parts = [...(isAboutRoots(filter) ? [rooted] : []), ...(isAboutRootless(filter) && !asksOfRoot ? [others] : [])];
  const sql = `SELECT intDiv(toUnixTimestamp64Nano(began) - {from:Int64}, {widthNs:Int64}) AS bucket, uniqExact(trace_id) AS traces, uniqExactIf(trace_id, isFailed) AS failed
FROM (
  ${parts.join("\n  UNION ALL\n  ")}
)
GROUP BY bucket
ORDER BY bucket`;
  return { sql, params: { project, ...window, widthNs, ...filterParams(filter) } };
}
