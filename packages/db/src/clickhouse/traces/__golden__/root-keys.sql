SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(start_time)) AS startTimeUnixNano
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND parent_span_id = toFixedString('', 8)
ORDER BY start_time DESC, trace_id DESC
LIMIT 1 BY start_time, trace_id
LIMIT {limit:UInt32}
