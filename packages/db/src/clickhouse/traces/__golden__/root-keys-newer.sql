SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(start_time)) AS startTimeUnixNano
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time >= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (start_time > fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id > unhex({cursorTraceId:String}))
  AND parent_span_id = toFixedString('', 8)
ORDER BY start_time ASC, trace_id ASC
LIMIT 1 BY start_time, trace_id
LIMIT {limit:UInt32}
