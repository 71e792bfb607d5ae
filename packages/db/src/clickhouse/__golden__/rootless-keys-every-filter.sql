SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(start_time))) AS startTimeUnixNano
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND trace_id IN (SELECT trace_id FROM trace_times WHERE project = {project:String} AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY trace_id HAVING countIf(parent_span_id = toFixedString('', 8)) = 0) GROUP BY trace_id HAVING max(is_rooted) = 0)
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND status = 'error')
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND session = {session:String})
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND user = {user:String})
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND has(tags, {tag:String}))
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND model = {model:String})
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND (positionCaseInsensitiveUTF8(name, {text:String}) > 0 OR positionCaseInsensitiveUTF8(name, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {text:String}) > 0 OR positionCaseInsensitiveUTF8(status_message, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(system_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(input_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {text:String}) > 0 OR positionCaseInsensitiveUTF8(output_messages, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_arguments, {textInJson:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {text:String}) > 0 OR positionCaseInsensitiveUTF8(tool_result, {textInJson:String}) > 0 OR trace_id = unhex({idText:String}) OR span_id = unhex({idText:String})))
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND kind IN ('llm', 'embedding', 'reranker') GROUP BY trace_id HAVING sum(cost_usd) >= {minCostUsd:Float64})
GROUP BY trace_id
HAVING min(start_time) <= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (min(start_time) < fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id < unhex({cursorTraceId:String}))
  AND positionCaseInsensitiveUTF8(argMin(name, start_time), {name:String}) > 0
  AND toUnixTimestamp64Nano(max(end_time)) - toUnixTimestamp64Nano(min(start_time)) >= {minDurationNs:Int64}
ORDER BY min(start_time) DESC, trace_id DESC
LIMIT {limit:UInt32}
