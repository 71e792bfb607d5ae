WITH
  kind IN ('llm', 'embedding', 'reranker') AS is_call,
  (NOT parent_span_id = toFixedString('', 8), start_time, span_id) AS rootmost,
  groupArrayIf((span_id, input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate), is_call) AS calls,
  groupUniqArrayIf(parent_span_id, is_call) AS parents,
  arrayFilter((call, nth) -> nth = 1, calls, arraySlice(arrayEnumerateUniq(arrayConcat(parents, calls.1)), length(parents) + 1)) AS counted
SELECT
  lower(hex(trace_id)) AS traceId,
  countIf(parent_span_id = toFixedString('', 8)) > 0 AS rootReceived,
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
  SELECT trace_id, span_id, parent_span_id, name, kind, service, start_time, end_time, status, model, session, user, tags,
    input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate, preview
  FROM spans
  WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16))
  ORDER BY received_at DESC
  LIMIT 1 BY trace_id, span_id
) AS versions
GROUP BY trace_id
