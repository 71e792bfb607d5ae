import type { TimeWindow, TraceFilter } from "@signalbox/model";
import { allowedStatuses, isAboutRootless, rootKindConditions, spanConditions } from "./facetConditions.ts";
import { boundIds, hexOf, isRoot } from "./ids.ts";
import type { Statement } from "./readRows.ts";
import { containsText, containsWords, filterParams, NEARBY, USAGE_KINDS } from "./traceFilter.ts";

/** What the totals read of a span. */
const COLUMNS = `trace_id, span_id, parent_span_id, name, kind, service, start_time, end_time, status, model, session, user, tags,
    input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate, preview`;

/** One row per span, the one that arrived last: a version that tells another start than the one before it is a row of its own in the table. */
const onePerSpan = (columns: string, scope: string): string =>
  `(SELECT ${columns} FROM spans WHERE ${scope} ORDER BY received_at DESC LIMIT 1 BY trace_id, span_id)`;

/** The conditions of a filter on a whole trace, over the columns of its totals and the spans that they are made of. */
function onTotals(filter: TraceFilter, scope: string): string[] {
  const conditions: string[] = [];
  const statuses = [...allowedStatuses(filter)].map((status) => `'${status}'`);
  if (statuses.length < 3)
    conditions.push(
      `has([${statuses.join(", ")}]::Array(String), multiIf(NOT rootReceived, 'incomplete', head.4 = 'error', 'error', 'ok'))`,
    );
  if (!isAboutRootless(filter)) conditions.push("rootReceived");
  conditions.push(...rootKindConditions(filter, "head.2").map((condition) => `(NOT rootReceived OR ${condition})`));
  for (const { condition, isWanted } of spanConditions(filter))
    conditions.push(`trace_id ${isWanted ? "IN" : "NOT IN"} (SELECT trace_id FROM spans FINAL WHERE ${scope} AND ${condition})`);
  if (filter.hasErrors) conditions.push("errors > 0");
  if (filter.name !== undefined) conditions.push("positionCaseInsensitiveUTF8(head.1, {name:String}) > 0");
  if (filter.session !== undefined) conditions.push("countIf(spans.session = {session:String}) > 0");
  if (filter.user !== undefined) conditions.push("countIf(spans.user = {user:String}) > 0");
  if (filter.tag !== undefined) conditions.push("countIf(has(spans.tags, {tag:String})) > 0");
  if (filter.model !== undefined) conditions.push("countIf(model = {model:String}) > 0");
  if (filter.minCostUsd !== undefined) conditions.push("costUsd >= {minCostUsd:Float64}");
  if (filter.minDurationMs !== undefined)
    conditions.push("if(rootReceived, toInt64(head.6), toInt64(lastEndUnixNano)) - toInt64(head.5) >= {minDurationNs:Int64}");
  if (filter.text !== undefined) conditions.push(`trace_id IN (SELECT trace_id FROM spans FINAL WHERE ${scope} AND ${containsText()})`);
  if (filter.words !== undefined) conditions.push(`trace_id IN (SELECT trace_id FROM spans FINAL WHERE ${scope} AND ${containsWords()})`);
  return conditions;
}

/**
 * How the totals see spans. `quick`: one row per span and start, no call inside another: right for every trace that `isPlain`, and planned in
 * half the time. `exact`: for the others.
 */
export type TotalsReading = "quick" | "exact";

/** No span of the trace is there under two starts, and no call of a model lies in another. */
const IS_PLAIN = `count() = uniqExact(span_id) AND NOT hasAny(groupArrayIf(span_id, kind IN ${USAGE_KINDS}), groupArrayIf(parent_span_id, kind IN ${USAGE_KINDS}))`;

/**
 * What the list shows of each trace, of those that pass the filter as a whole (and, in a quick reading, of all that are not plain). A trace
 * is listed under its earliest root span, or without one under its earliest span.
 */
export function traceTotals(
  project: string,
  window: TimeWindow,
  traceIds: readonly string[],
  { filter = {}, reading }: { filter?: TraceFilter | undefined; reading: TotalsReading },
): Statement {
  const scope = `${NEARBY} AND trace_id IN ${boundIds("traceIds")}`;
  const isQuick = reading === "quick";
  const from = isQuick ? `spans FINAL\nWHERE ${scope}` : `${onePerSpan(COLUMNS, scope)} AS spans`;
  const inner = `SELECT trace_id, parent_span_id FROM ${onePerSpan("trace_id, parent_span_id, kind", scope)} WHERE kind IN ${USAGE_KINDS}`;
  const conditions = onTotals(filter, scope);
  const having = conditions.length === 0 ? "" : `\nHAVING ${isQuick ? "NOT isPlain OR " : ""}(${conditions.join("\n  AND ")})`;
  const sql = `WITH
  kind IN ${USAGE_KINDS}${isQuick ? "" : ` AND (trace_id, span_id) NOT IN (${inner})`} AS counts_usage,
  (NOT ${isRoot()}, start_time, span_id) AS rootmost
SELECT
  ${hexOf("trace_id")} AS traceId,
  ${isQuick ? IS_PLAIN : "true"} AS isPlain,
  countIf(${isRoot()}) > 0 AS rootReceived,
  argMin((name, kind, service, status, toString(toUnixTimestamp64Nano(start_time)), toString(toUnixTimestamp64Nano(end_time))), rootmost) AS head,
  toString(toUnixTimestamp64Nano(max(end_time))) AS lastEndUnixNano,
  count() AS spans,
  countIf(status = 'error') AS errors,
  groupUniqArrayIf(5)(model, model != '' AND kind IN ${USAGE_KINDS}) AS models,
  argMinIf(spans.session, rootmost, spans.session != '') AS session,
  argMinIf(spans.user, rootmost, spans.user != '') AS user,
  groupUniqArrayArray(20)(spans.tags) AS tags,
  sumIf(input_tokens, counts_usage) AS inputTokens,
  sumIf(output_tokens, counts_usage) AS outputTokens,
  countIf(counts_usage AND usage_is_estimate) > 0 AS usageIsEstimate,
  toFloat64(sumIf(cost_usd, counts_usage)) AS costUsd,
  countIf(counts_usage AND cost_usd IS NOT NULL AND cost_is_estimate) > 0 AS costIsEstimate,
  countIf(counts_usage AND cost_usd IS NULL) AS spansWithoutCost,
  argMinIf(spans.preview, (start_time, span_id), spans.preview != '') AS preview
FROM ${from}
GROUP BY trace_id${having}`;
  return { sql, params: { project, ...window, traceIds, ...filterParams(filter) }, isSmall: true };
}
