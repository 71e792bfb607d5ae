SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(start_time)) AS startTimeUnixNano
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (start_time < fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id < unhex({cursorTraceId:String}))
  AND parent_span_id = toFixedString('', 8)
  AND status = 'error'
  AND positionCaseInsensitiveUTF8(name, {name:String}) > 0
  AND toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time) >= {minDurationNs:Int64}
ORDER BY start_time DESC, trace_id DESC
LIMIT 1 BY start_time, trace_id
LIMIT {limit:UInt32}
