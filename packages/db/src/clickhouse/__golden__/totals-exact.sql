WITH
  kind IN ('llm', 'embedding', 'reranker') AND (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM (SELECT trace_id, parent_span_id, kind FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16)) ORDER BY received_at DESC LIMIT 1 BY trace_id, span_id) WHERE kind IN ('llm', 'embedding', 'reranker')) AS counts_usage,
  (NOT parent_span_id = toFixedString('', 8), start_time, span_id) AS rootmost
SELECT
  lower(hex(trace_id)) AS traceId,
  true AS isPlain,
  countIf(parent_span_id = toFixedString('', 8)) > 0 AS rootReceived,
  argMin((name, kind, service, status, toString(toUnixTimestamp64Nano(start_time)), toString(toUnixTimestamp64Nano(end_time))), rootmost) AS head,
  toString(toUnixTimestamp64Nano(max(end_time))) AS lastEndUnixNano,
  count() AS spans,
  countIf(status = 'error') AS errors,
  groupUniqArrayIf(5)(model, model != '' AND kind IN ('llm', 'embedding', 'reranker')) AS models,
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
FROM (SELECT trace_id, span_id, parent_span_id, name, kind, service, start_time, end_time, status, model, session, user, tags,
    input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate, preview FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16)) ORDER BY received_at DESC LIMIT 1 BY trace_id, span_id) AS spans
GROUP BY trace_id
