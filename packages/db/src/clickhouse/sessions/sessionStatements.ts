import type { TimeWindow } from "@signalbox/model";
import { boundIds, hexOf, isRoot } from "../ids.ts";
import type { Statement } from "../readRows.ts";
import { all, countsUsage, inWindow, moment, NEARBY, USAGE_KINDS } from "../traces/traceFilter.ts";

/** The owner of traces: the conversation whose turns they are, or the user who asked. */
export type TraceOwner = "session" | "user";

/** The end of a page of sessions or users. `lastUnixNano` is the start of the last span within the window that names the owner. */
export type OwnerKey = { id: string; lastUnixNano: string };

/**
 * A query for a page of the sessions or users named by spans in the window, last active first.
 * `search` is contained in the id; `user` limits sessions to those in which the user takes part.
 */
export type OwnerListQuery = {
  project: string;
  window: TimeWindow;
  search: string;
  user: string | null;
  cursor: OwnerKey | null;
  limit: number;
};

/** The sessions or users of a page, with the start of the last span that names each. */
export function ownerKeys(owner: TraceOwner, { project, window, search, user, cursor, limit }: OwnerListQuery): Statement {
  const where = [...inWindow, `${owner} != ''`];
  if (search !== "") where.push(`positionCaseInsensitiveUTF8(${owner}, {search:String}) > 0`);
  if (user !== null) where.push(`trace_id IN (SELECT trace_id FROM spans FINAL WHERE ${NEARBY} AND user = {user:String})`);
  const last = "max(start_time)";
  const at = moment("cursorTime");
  const having = `HAVING ${last} < ${at} OR (${last} = ${at} AND ${owner} < {cursorId:String})\n`;
  const sql = `SELECT ${owner} AS id, toString(toUnixTimestamp64Nano(${last})) AS lastUnixNano
FROM spans FINAL
WHERE ${all(where)}
GROUP BY ${owner}
${cursor === null ? "" : having}ORDER BY ${last} DESC, ${owner} DESC
LIMIT {limit:UInt32}`;
  const after = cursor === null ? {} : { cursorTime: cursor.lastUnixNano, cursorId: cursor.id };
  return { sql, params: { project, ...window, search, ...(user === null ? {} : { user }), ...after, limit } };
}

/**
 * The totals of the traces of some sessions or users: traces listed in the window, each of which belongs to
 * every owner that one of its spans names. All spans of a trace count, also those that do not name the owner.
 */
export function ownerTotals(owner: TraceOwner, project: string, window: TimeWindow, ids: readonly string[]): Statement {
  const other = owner === "session" ? "user" : "session";
  const owned = `SELECT DISTINCT ${owner} AS id, trace_id FROM spans FINAL WHERE ${NEARBY} AND ${owner} IN {ids:Array(String)}`;
  const ofThem = `trace_id IN (SELECT trace_id FROM (${owned}))`;
  const scope = `${NEARBY} AND ${ofThem}`;
  const sql = `WITH ${countsUsage(scope)} AS counts_usage
SELECT
  id,
  count() AS traces,
  countIf(head.2 = 'error') AS failed,
  sum(trace_spans) AS spans,
  sum(trace_errors) AS errors,
  toString(min(head.1)) AS firstUnixNano,
  toString(max(trace_end)) AS endUnixNano,
  arraySlice(arraySort(arrayDistinct(arrayFlatten(groupArray(trace_models)))), 1, 20) AS models,
  arraySlice(arraySort(arrayDistinct(arrayFlatten(groupArray(trace_others)))), 1, 20) AS others,
  length(arrayDistinct(arrayFlatten(groupArray(trace_others)))) AS othersCount,
  sum(trace_input) AS inputTokens,
  sum(trace_output) AS outputTokens,
  max(trace_usage_estimated) AS usageIsEstimate,
  toFloat64(sum(trace_cost)) AS costUsd,
  max(trace_cost_estimated) AS costIsEstimate,
  sum(trace_costless) AS spansWithoutCost
FROM (
  SELECT
    trace_id,
    argMin((toUnixTimestamp64Nano(start_time), status), (NOT ${isRoot()}, start_time, span_id)) AS head,
    toUnixTimestamp64Nano(max(end_time)) AS trace_end,
    count() AS trace_spans,
    countIf(status = 'error') AS trace_errors,
    groupUniqArrayIf(5)(model, model != '' AND kind IN ${USAGE_KINDS}) AS trace_models,
    groupUniqArrayIf(${other}, ${other} != '') AS trace_others,
    sumIf(input_tokens, counts_usage) AS trace_input,
    sumIf(output_tokens, counts_usage) AS trace_output,
    countIf(counts_usage AND usage_is_estimate) > 0 AS trace_usage_estimated,
    sumIf(cost_usd, counts_usage) AS trace_cost,
    countIf(counts_usage AND cost_usd IS NOT NULL AND cost_is_estimate) > 0 AS trace_cost_estimated,
    countIf(counts_usage AND cost_usd IS NULL) AS trace_costless
  FROM spans FINAL
  WHERE ${scope}
  GROUP BY trace_id
  HAVING head.1 >= {from:Int64} AND head.1 < {to:Int64}
) AS totals
INNER JOIN (${owned}) AS owned USING (trace_id)
GROUP BY id`;
  return { sql, params: { project, ...window, ids } };
}

/** The first and the last start of the spans that name a session, found through the index on sessions. */
export function sessionBounds(project: string, session: string): Statement {
  const sql = `SELECT toString(toUnixTimestamp64Nano(min(start_time))) AS first, toString(toUnixTimestamp64Nano(max(start_time))) AS last
FROM spans
WHERE project = {project:String} AND session = {session:String}
HAVING count() > 0`;
  return { sql, params: { project, session } };
}

/** Span kinds whose output the user never sees. */
const ASIDES = "('evaluator', 'guardrail')";

/**
 * The question and the answer of each trace, as the sender wrote them: from the root span, else from the span that began first and the one
 * that ended last. Avoids FINAL, which would read the bodies of every span nearby: the version of a span that arrived last is picked here.
 */
export function traceWords(project: string, window: TimeWindow, traceIds: readonly string[]): Statement {
  const latest = "-toUnixTimestamp64Micro(received_at)";
  const isSaid = (column: string): string => `${column} NOT IN ('', '[]') AND kind NOT IN ${ASIDES}`;
  const sql = `SELECT
  ${hexOf("trace_id")} AS traceId,
  argMinIf(input_messages, (NOT ${isRoot()}, start_time, span_id, ${latest}), ${isSaid("input_messages")}) AS asked,
  argMinIf(output_messages, (NOT ${isRoot()}, -toUnixTimestamp64Nano(end_time), span_id, ${latest}), ${isSaid("output_messages")}) AS answered,
  argMin(status_message, (NOT ${isRoot()}, start_time, span_id, ${latest})) AS statusMessage
FROM spans
WHERE ${NEARBY} AND trace_id IN ${boundIds("traceIds")}
GROUP BY trace_id`;
  return { sql, params: { project, ...window, traceIds } };
}
