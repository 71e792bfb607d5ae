import type { TimeWindow, TraceFilter } from "@signalbox/model";
import { boundIds, hexOf, isRoot } from "../ids.ts";
import type { Statement } from "../readRows.ts";
import { allowedStatuses, isAboutRootless, rootKindConditions } from "./facetConditions.ts";
import { OF_TRACE } from "./traceDetail.ts";
import { all, filterParams, haveScores, NEARBY, spanTests, USAGE_KINDS } from "./traceFilter.ts";

/** The columns of a span that the totals read. */
const COLUMNS = `trace_id, span_id, parent_span_id, name, kind, service, start_time, end_time, status, model, session, user, tags,
    input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate, preview`;

/** The conditions of a filter on a whole trace, over the columns of its totals and the tests of its spans. */
function onTotals(filter: TraceFilter): string[] {
  const conditions: string[] = [];
  const statuses = [...allowedStatuses(filter)].map((status) => `'${status}'`);
  if (statuses.length < 3)
    conditions.push(
      `has([${statuses.join(", ")}]::Array(String), multiIf(NOT rootReceived, 'incomplete', head.4 = 'error', 'error', 'ok'))`,
    );
  if (!isAboutRootless(filter)) conditions.push("rootReceived");
  conditions.push(...rootKindConditions(filter, "head.2").map((condition) => `(NOT rootReceived OR ${condition})`));
  conditions.push(...spanTests(filter).map(({ isWanted }, index) => `countIf(test_${index}) ${isWanted ? "> 0" : "= 0"}`));
  if (filter.name !== undefined) conditions.push("positionCaseInsensitiveUTF8(head.1, {name:String}) > 0");
  if (filter.minCostUsd !== undefined) conditions.push("costUsd >= {minCostUsd:Float64}");
  if (filter.minDurationMs !== undefined)
    conditions.push("if(rootReceived, toInt64(head.6), toInt64(lastEndUnixNano)) - toInt64(head.5) >= {minDurationNs:Int64}");
  return conditions;
}

/**
 * The list's row of each trace among the spans of `scope` that passes the filter as a whole. A trace is listed under its earliest
 * root span, or without one under its earliest span. Avoids FINAL, which reads every column of all spans nearby: a trace has few
 * rows, and the version of a span that arrived last is picked here, since versions may have different starts. The parents of
 * calls come first, so that wrapping calls are found without a lambda, which would copy the captured array for each call.
 */
function totalsOf(scope: string, filter: TraceFilter): string {
  const tests = spanTests(filter).map(({ condition }, index) => `,\n    ${condition} AS test_${index}`);
  const conditions = onTotals(filter);
  return `WITH
  kind IN ${USAGE_KINDS} AS is_call,
  (NOT ${isRoot()}, start_time, span_id) AS rootmost,
  groupArrayIf((span_id, input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate), is_call) AS calls,
  groupUniqArrayIf(parent_span_id, is_call) AS parents,
  arrayFilter((call, nth) -> nth = 1, calls, arraySlice(arrayEnumerateUniq(arrayConcat(parents, calls.1)), length(parents) + 1)) AS counted
SELECT
  ${hexOf("trace_id")} AS traceId,
  countIf(${isRoot()}) > 0 AS rootReceived,
  argMin((name, kind, service, status, toString(toUnixTimestamp64Nano(start_time)), toString(toUnixTimestamp64Nano(end_time))), rootmost) AS head,
  toString(toUnixTimestamp64Nano(max(end_time))) AS lastEndUnixNano,
  count() AS spans,
  countIf(status = 'error') AS errors,
  groupUniqArrayIf(5)(model, model != '' AND is_call) AS models,
  argMinIf(versions.session, rootmost, versions.session != '') AS session,
  argMinIf(versions.user, rootmost, versions.user != '') AS user,
  groupUniqArrayArray(20)(versions.tags) AS tags,
  arrayReduce('sum', counted.2) AS inputTokens,
  arrayReduce('sum', counted.3) AS outputTokens,
  arrayExists(call -> call.4, counted) AS usageIsEstimate,
  toFloat64(arrayReduce('sum', counted.5)) AS costUsd,
  arrayExists(call -> call.5 IS NOT NULL AND call.6, counted) AS costIsEstimate,
  arrayCount(call -> call.5 IS NULL, counted) AS spansWithoutCost,
  argMinIf(versions.preview, (start_time, span_id), versions.preview != '') AS preview
FROM (
  SELECT ${COLUMNS}${tests.join("")}
  FROM spans
  WHERE ${scope}
  ORDER BY received_at DESC
  LIMIT 1 BY trace_id, span_id
) AS versions
GROUP BY trace_id${conditions.length === 0 ? "" : `\nHAVING ${all(conditions)}`}`;
}

/** The list's rows of the given traces, which are listed in the window. */
export function traceTotals(project: string, window: TimeWindow, traceIds: readonly string[], filter: TraceFilter = {}): Statement {
  const scored = haveScores(filter);
  const sql = totalsOf(all([NEARBY, `trace_id IN ${boundIds("traceIds")}`, ...scored]), filter);
  return { sql, params: { project, ...window, traceIds, ...filterParams(filter) }, isSmall: true };
}

/** The list's row of one trace, wherever it lies. */
export function totalsOfTrace(project: string, traceId: string): Statement {
  return { sql: totalsOf(OF_TRACE, {}), params: { project, traceId }, isSmall: true };
}
