import type { TimeWindow, TraceFilter } from "@signalbox/model";
import { allowedStatuses, facetParams, rootKindConditions, spanConditions } from "./facetConditions.ts";
import { boundId, boundIds, hexOf, isRoot } from "./ids.ts";
import type { Statement } from "./readRows.ts";

/** Where a page of the list ended: the key of a trace in the list's order. */
export type TraceKey = { startTimeUnixNano: string; traceId: string };

/**
 * A page of traces. The list's order is (start time, trace id), newest first; `direction` tells on which side of `cursor` the page lies.
 * A page of direction `newer` is in ascending order: its first trace is the cursor's neighbour.
 */
export type TraceListQuery = {
  project: string;
  window: TimeWindow;
  filter: TraceFilter;
  cursor: TraceKey | null;
  direction: "older" | "newer";
  limit: number;
};

/** A trace's spans start within this of the moment that it is listed under; what lies farther is not searched. */
const SPREAD = "INTERVAL 1 DAY";

/** A model's call is counted once: kinds that report usage, unless a call of these kinds inside reports it too. */
export const USAGE_KINDS = "('llm', 'embedding', 'reranker')";

export const moment = (name: string): string => `fromUnixTimestamp64Nano({${name}:Int64}, 'UTC')`;

/** Conditions joined by AND, one a line. */
export const all = (conditions: readonly string[]): string => conditions.join("\n  AND ");

/** The spans of a project that can belong to a trace listed in the window. */
export const NEARBY = all([
  "project = {project:String}",
  `start_time >= ${moment("from")} - ${SPREAD}`,
  `start_time < ${moment("to")} + ${SPREAD}`,
]);

/** `trace_id` of the traces one of whose spans meets `condition`. */
const hasSpan = (condition: string): string => `trace_id IN (SELECT trace_id FROM spans FINAL WHERE ${NEARBY} AND ${condition})`;

/** That a span reports usage and no span directly inside it reports it again. `scope` narrows the spans inside to those that can matter. */
export const countsUsage = (scope: string): string =>
  `kind IN ${USAGE_KINDS} AND (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM spans FINAL WHERE ${scope} AND kind IN ${USAGE_KINDS})`;

const CONTAINED_IN = ["name", "status_message", "system_messages", "input_messages", "output_messages", "tool_arguments", "tool_result"];

/** How text stands inside the JSON that the message columns hold: `"` as `\"`, a line break as `\n`. */
const insideJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The id that a person may have pasted, or nothing. */
const idIn = (text: string): string => (/^([0-9a-f]{16}){1,2}$/i.test(text.trim()) ? text.trim() : "");

/** The conditions of a filter that any span of the trace may meet. */
export function traceConditions(filter: TraceFilter): string[] {
  const conditions: string[] = [];
  if (filter.hasErrors) conditions.push(hasSpan("status = 'error'"));
  if (filter.session !== undefined) conditions.push(hasSpan("session = {session:String}"));
  if (filter.user !== undefined) conditions.push(hasSpan("user = {user:String}"));
  if (filter.tag !== undefined) conditions.push(hasSpan("has(tags, {tag:String})"));
  if (filter.model !== undefined) conditions.push(hasSpan("model = {model:String}"));
  if (filter.text !== undefined) {
    const isIn = CONTAINED_IN.flatMap((column) =>
      ["text", "textInJson"].map((param) => `positionCaseInsensitiveUTF8(${column}, {${param}:String}) > 0`),
    );
    conditions.push(hasSpan(`(${isIn.join(" OR ")} OR trace_id = ${boundId("idText")} OR span_id = ${boundId("idText")})`));
  }
  if (filter.minCostUsd !== undefined) {
    const costly = `SELECT trace_id FROM spans FINAL WHERE ${NEARBY} AND ${countsUsage(NEARBY)} GROUP BY trace_id HAVING sum(cost_usd) >= {minCostUsd:Float64}`;
    conditions.push(`trace_id IN (${costly})`);
  }
  for (const { condition, isWanted } of spanConditions(filter))
    conditions.push(isWanted ? hasSpan(condition) : `NOT ${hasSpan(condition)}`);
  return conditions;
}

/** The bound values of a filter. */
export function filterParams(filter: TraceFilter): Record<string, unknown> {
  const { hasErrors: _, status: __, only: ___, without: ____, ...values } = filter;
  return {
    ...values,
    ...facetParams(filter),
    ...(filter.text === undefined ? {} : { textInJson: insideJson(filter.text), idText: idIn(filter.text) }),
    ...(filter.minDurationMs === undefined ? {} : { minDurationNs: String(Math.round(filter.minDurationMs * 1e6)) }),
  };
}

/** That a key lies on the asked side of the cursor; the first part alone lets the engine skip what the sorting key rules out. */
function beyondCursor(query: TraceListQuery, start: string): string[] {
  if (query.cursor === null) return [];
  const [side, orAt] = query.direction === "older" ? ["<", "<="] : [">", ">="];
  const at = moment("cursorTime");
  return [`${start} ${orAt} ${at}`, `(${start} ${side} ${at} OR trace_id ${side} ${boundId("cursorTraceId")})`];
}

function keyParams(query: TraceListQuery): Record<string, unknown> {
  const cursor = query.cursor === null ? {} : { cursorTime: query.cursor.startTimeUnixNano, cursorTraceId: query.cursor.traceId };
  return { project: query.project, ...query.window, ...cursor, limit: query.limit, ...filterParams(query.filter) };
}

export const inWindow = ["project = {project:String}", `start_time >= ${moment("from")}`, `start_time < ${moment("to")}`];

function rootConditions(filter: TraceFilter): string[] {
  const conditions = [isRoot()];
  const statuses = allowedStatuses(filter);
  if (!statuses.has("error")) conditions.push("status != 'error'");
  if (!statuses.has("ok")) conditions.push("status = 'error'");
  conditions.push(...rootKindConditions(filter));
  if (filter.name !== undefined) conditions.push("positionCaseInsensitiveUTF8(name, {name:String}) > 0");
  if (filter.minDurationMs !== undefined)
    conditions.push("toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time) >= {minDurationNs:Int64}");
  return conditions;
}

/** The keys of the traces whose root span was received: read in the table's own order, so that a page costs what it shows. */
export function rootKeys(query: TraceListQuery): Statement {
  const order = query.direction === "older" ? "DESC" : "ASC";
  const where = [...inWindow, ...beyondCursor(query, "start_time"), ...rootConditions(query.filter), ...traceConditions(query.filter)];
  const sql = `SELECT ${hexOf("trace_id")} AS traceId, toString(toUnixTimestamp64Nano(start_time)) AS startTimeUnixNano
FROM spans FINAL
WHERE ${all(where)}
ORDER BY start_time ${order}, trace_id ${order}
LIMIT {limit:UInt32}`;
  return { sql, params: keyParams(query) };
}

/**
 * The keys of the traces without a root span, under their earliest span's start as far as the window shows it (the totals tell the real one).
 * Groups every span of the window, so callers narrow the window to what the page can show.
 */
export function rootlessKeys(query: TraceListQuery): Statement {
  const order = query.direction === "older" ? "DESC" : "ASC";
  const { filter } = query;
  const rooted = `SELECT trace_id FROM spans WHERE ${NEARBY} AND ${isRoot()}`;
  const where = [...inWindow, `trace_id NOT IN (${rooted})`, ...traceConditions(filter)];
  const having = beyondCursor(query, "min(start_time)");
  if (filter.name !== undefined) having.push("positionCaseInsensitiveUTF8(argMin(name, start_time), {name:String}) > 0");
  if (filter.minDurationMs !== undefined)
    having.push("toUnixTimestamp64Nano(max(end_time)) - toUnixTimestamp64Nano(min(start_time)) >= {minDurationNs:Int64}");
  const sql = `SELECT ${hexOf("trace_id")} AS traceId, toString(toUnixTimestamp64Nano(min(start_time))) AS startTimeUnixNano
FROM spans
WHERE ${all(where)}
GROUP BY trace_id
${having.length === 0 ? "" : `HAVING ${all(having)}\n`}ORDER BY min(start_time) ${order}, trace_id ${order}
LIMIT {limit:UInt32}`;
  return { sql, params: keyParams(query) };
}

/** What the list shows of each trace. A trace is listed under its earliest root span, or without one under its earliest span. */
export function traceTotals(project: string, window: TimeWindow, traceIds: readonly string[]): Statement {
  const scope = `${NEARBY} AND trace_id IN ${boundIds("traceIds")}`;
  const sql = `WITH
  ${countsUsage(scope)} AS counts_usage,
  (NOT ${isRoot()}, start_time, span_id) AS rootmost
SELECT
  ${hexOf("trace_id")} AS traceId,
  countIf(${isRoot()}) > 0 AS rootReceived,
  argMin((name, kind, service, status, toString(toUnixTimestamp64Nano(start_time)), toString(toUnixTimestamp64Nano(end_time))), rootmost) AS head,
  toString(toUnixTimestamp64Nano(max(end_time))) AS lastEndUnixNano,
  count() AS spans,
  countIf(status = 'error') AS errors,
  groupUniqArrayIf(5)(model, model != '' AND kind IN ${USAGE_KINDS}) AS models,
  argMinIf(session, rootmost, session != '') AS session,
  argMinIf(user, rootmost, user != '') AS user,
  groupUniqArrayArray(20)(tags) AS tags,
  sumIf(input_tokens, counts_usage) AS inputTokens,
  sumIf(output_tokens, counts_usage) AS outputTokens,
  countIf(counts_usage AND usage_is_estimate) > 0 AS usageIsEstimate,
  toFloat64(sumIf(cost_usd, counts_usage)) AS costUsd,
  countIf(counts_usage AND cost_usd IS NOT NULL AND cost_is_estimate) > 0 AS costIsEstimate,
  countIf(counts_usage AND cost_usd IS NULL) AS spansWithoutCost
FROM spans FINAL
WHERE ${scope}
GROUP BY trace_id`;
  return { sql, params: { project, ...window, traceIds } };
}

/**
 * The beginning of what a person asked in each trace, from its root span. Without FINAL, which would read the bodies of every span nearby:
 * of a root span's versions the one that arrived last is taken here.
 */
export function tracePreviews(project: string, window: TimeWindow, traceIds: readonly string[], charsMax: number): Statement {
  const asked = "arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(input_messages))";
  const words = `arrayFirst(text -> text != '', [
      JSONExtractString(${asked}, 'parts', 1, 'content'),
      JSONExtractString(${asked}, 'content'),
      JSONExtractString(${asked}, 'content', 1, 'text'),
      if(match(input_messages, '^\\\\s*[{\\\\[]'), '', input_messages)
    ])`;
  const sql = `SELECT
  ${hexOf("trace_id")} AS traceId,
  argMin(
    leftUTF8(${words}, {charsMax:UInt32}),
    (start_time, span_id, -toUnixTimestamp64Micro(received_at))
  ) AS preview
FROM spans
WHERE ${NEARBY} AND trace_id IN ${boundIds("traceIds")} AND ${isRoot()} AND input_messages NOT IN ('', '[]')
GROUP BY trace_id
HAVING preview != ''`;
  return { sql, params: { project, ...window, traceIds, charsMax } };
}

/** How many traces began in each of `buckets` equal slices of the window, and how many of them failed. Traces without a root are not counted. */
export function traceHistogram(project: string, window: TimeWindow, filter: TraceFilter, buckets: number): Statement {
  const widthNs = String((BigInt(window.to) - BigInt(window.from) + BigInt(buckets) - 1n) / BigInt(buckets));
  const sql = `SELECT
  intDiv(toUnixTimestamp64Nano(start_time) - {from:Int64}, {widthNs:Int64}) AS bucket,
  uniqExact(trace_id) AS traces,
  uniqExactIf(trace_id, status = 'error') AS failed
FROM spans FINAL
WHERE ${all([...inWindow, ...rootConditions(filter), ...traceConditions(filter)])}
GROUP BY bucket
ORDER BY bucket`;
  return { sql, params: { project, ...window, widthNs, ...filterParams(filter) } };
}

/** The most frequent values of what a list can be filtered by, with the number of traces that have them. */
export function traceFacets(project: string, window: TimeWindow, valuesMax: number): Statement {
  const facet = (name: string, value: string, condition: string): string =>
    `SELECT '${name}' AS facet, ${value} AS value, uniqExact(trace_id) AS traces FROM spans WHERE ${all([...inWindow, condition])} GROUP BY value ORDER BY traces DESC, value LIMIT {valuesMax:UInt32}`;
  const sql = [
    facet("name", "name", isRoot()),
    facet("model", "model", `model != '' AND kind IN ${USAGE_KINDS}`),
    facet("tag", "arrayJoin(tags)", "notEmpty(tags)"),
    facet("user", "user", "user != ''"),
  ]
    .map((select) => `(${select})`)
    .join("\nUNION ALL\n");
  return { sql, params: { project, ...window, valuesMax } };
}
