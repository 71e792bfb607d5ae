WITH
  kind IN ('llm', 'embedding', 'reranker') AS counts_usage,
  (NOT parent_span_id = toFixedString('', 8), start_time, span_id) AS rootmost
SELECT
  lower(hex(trace_id)) AS traceId,
  count() = uniqExact(span_id) AND NOT hasAny(groupArrayIf(span_id, kind IN ('llm', 'embedding', 'reranker')), groupArrayIf(parent_span_id, kind IN ('llm', 'embedding', 'reranker'))) AS isPlain,
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
FROM spans FINAL
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16))
GROUP BY trace_id
HAVING NOT isPlain OR (has(['error']::Array(String), multiIf(NOT rootReceived, 'incomplete', head.4 = 'error', 'error', 'ok'))
  AND rootReceived
  AND errors > 0
  AND positionCaseInsensitiveUTF8(head.1, {name:String}) > 0
  AND countIf(spans.session = {session:String}) > 0
  AND countIf(spans.user = {user:String}) > 0
  AND countIf(has(spans.tags, {tag:String})) > 0
  AND countIf(model = {model:String}) > 0
  AND costUsd >= {minCostUsd:Float64}
  AND if(rootReceived, toInt64(head.6), toInt64(lastEndUnixNano)) - toInt64(head.5) >= {minDurationNs:Int64}
  AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16)) AND (positionCaseInsensitiveUTF8(name, {text:String}) > 0 OR positionCaseInsensitiveUTF8(name, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {text:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {textInJson:String}) > 0 OR trace_id = unhex({idText:String}) OR span_id = unhex({idText:String})))
  AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16)) AND (hasAllTokens(replaceRegexpAll(lowerUTF8(input_messages), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), tokens(replaceRegexpAll(lowerUTF8({words:String}), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), 'splitByNonAlpha')) OR hasAllTokens(replaceRegexpAll(lowerUTF8(output_messages), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), tokens(replaceRegexpAll(lowerUTF8({words:String}), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), 'splitByNonAlpha')))))
