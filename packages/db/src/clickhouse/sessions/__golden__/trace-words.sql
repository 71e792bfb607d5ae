SELECT
  lower(hex(trace_id)) AS traceId,
  argMinIf(input_messages, (NOT parent_span_id = toFixedString('', 8), start_time, span_id, -toUnixTimestamp64Micro(received_at)), input_messages NOT IN ('', '[]') AND kind NOT IN ('evaluator', 'guardrail')) AS asked,
  argMinIf(output_messages, (NOT parent_span_id = toFixedString('', 8), -toUnixTimestamp64Nano(end_time), span_id, -toUnixTimestamp64Micro(received_at)), output_messages NOT IN ('', '[]') AND kind NOT IN ('evaluator', 'guardrail')) AS answered,
  argMin(status_message, (NOT parent_span_id = toFixedString('', 8), start_time, span_id, -toUnixTimestamp64Micro(received_at))) AS statusMessage
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16))
GROUP BY trace_id
