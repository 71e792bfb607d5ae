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
    input_tokens, output_tokens, usage_is_estimate, cost_usd, cost_is_estimate, preview,
    status = 'error' AS test_0,
    session = {session:String} AS test_1,
    user = {user:String} AS test_2,
    has(tags, {tag:String}) AS test_3,
    model = {model:String} AS test_4,
    (positionCaseInsensitiveUTF8(name, {text:String}) > 0 OR positionCaseInsensitiveUTF8(name, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {text:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {textInJson:String}) > 0 OR trace_id = unhex({idText:String}) OR span_id = unhex({idText:String})) AS test_5,
    (hasAllTokens(replaceRegexpAll(lowerUTF8(input_messages), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), tokens(replaceRegexpAll(lowerUTF8({words:String}), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), 'splitByNonAlpha')) OR hasAllTokens(replaceRegexpAll(lowerUTF8(output_messages), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), tokens(replaceRegexpAll(lowerUTF8({words:String}), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), 'splitByNonAlpha'))) AS test_6
  FROM spans
  WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16))
  AND trace_id IN (SELECT toFixedString(unhex(toString(trace_id)), 16) FROM scores FINAL WHERE project = {project:String} AND span_id = '' AND name = {score_0:String} AND trace_id IN {traceIds:Array(String)} AND value < {limit_0:Float64})
  AND trace_id IN (SELECT toFixedString(unhex(toString(trace_id)), 16) FROM scores FINAL WHERE project = {project:String} AND span_id = '' AND name = {score_1:String} AND trace_id IN {traceIds:Array(String)} AND value >= {limit_1:Float64})
  ORDER BY received_at DESC
  LIMIT 1 BY trace_id, span_id
) AS versions
GROUP BY trace_id
HAVING has(['error']::Array(String), multiIf(NOT rootReceived, 'incomplete', head.4 = 'error', 'error', 'ok'))
  AND rootReceived
  AND countIf(test_0) > 0
  AND countIf(test_1) > 0
  AND countIf(test_2) > 0
  AND countIf(test_3) > 0
  AND countIf(test_4) > 0
  AND countIf(test_5) > 0
  AND countIf(test_6) > 0
  AND positionCaseInsensitiveUTF8(head.1, {name:String}) > 0
  AND costUsd >= {minCostUsd:Float64}
  AND if(rootReceived, toInt64(head.6), toInt64(lastEndUnixNano)) - toInt64(head.5) >= {minDurationNs:Int64}
