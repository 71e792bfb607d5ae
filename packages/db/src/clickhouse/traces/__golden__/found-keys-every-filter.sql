SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(first))) AS startTimeUnixNano
FROM trace_times
WHERE project = {project:String}
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND (status = 'error' OR session = {session:String} OR user = {user:String} OR has(tags, {tag:String}) OR model = {model:String} OR (parent_span_id = toFixedString('', 8) AND status = 'error' AND positionCaseInsensitiveUTF8(name, {name:String}) > 0 AND toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time) >= {minDurationNs:Int64})) GROUP BY trace_id HAVING countIf(status = 'error') > 0 AND countIf(session = {session:String}) > 0 AND countIf(user = {user:String}) > 0 AND countIf(has(tags, {tag:String})) > 0 AND countIf(model = {model:String}) > 0 AND countIf((parent_span_id = toFixedString('', 8) AND status = 'error' AND positionCaseInsensitiveUTF8(name, {name:String}) > 0 AND toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time) >= {minDurationNs:Int64})) > 0)
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND (positionCaseInsensitiveUTF8(name, {text:String}) > 0 OR positionCaseInsensitiveUTF8(name, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {text:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {textInJson:String}) > 0 OR trace_id = unhex({idText:String}) OR span_id = unhex({idText:String})))
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND (hasAllTokens(replaceRegexpAll(lowerUTF8(input_messages), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), tokens(replaceRegexpAll(lowerUTF8({words:String}), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), 'splitByNonAlpha')) OR hasAllTokens(replaceRegexpAll(lowerUTF8(output_messages), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), tokens(replaceRegexpAll(lowerUTF8({words:String}), '\\\\(u(00[01]|20[0-6])[0-9a-f]|[^u])|[^\\x00-\\x7F\\pL\\pM\\pN]', ' '), 'splitByNonAlpha'))))
  AND trace_id IN (SELECT trace_id FROM (SELECT trace_id, argMax(cost_usd, received_at) AS cost_usd FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND kind IN ('llm', 'embedding', 'reranker') GROUP BY trace_id, span_id) GROUP BY trace_id HAVING sum(cost_usd) >= {minCostUsd:Float64})
  AND trace_id IN (SELECT toFixedString(unhex(toString(trace_id)), 16) FROM scores WHERE project = {project:String} AND span_id = '' AND name = {score_0:String} AND greatest(time, received_at) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 DAY AND value < {limit_0:Float64})
  AND trace_id IN (SELECT toFixedString(unhex(toString(trace_id)), 16) FROM scores WHERE project = {project:String} AND span_id = '' AND name = {score_1:String} AND greatest(time, received_at) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 DAY AND value >= {limit_1:Float64})
GROUP BY trace_id
HAVING min(first) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND min(first) < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND min(first) <= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (min(first) < fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id < unhex({cursorTraceId:String}))
ORDER BY min(first) DESC, trace_id DESC
LIMIT {limit:UInt32}
