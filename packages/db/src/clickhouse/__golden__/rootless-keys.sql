SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(start_time))) AS startTimeUnixNano
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND trace_id NOT IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 DAY
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND parent_span_id = toFixedString('', 8))
GROUP BY trace_id
ORDER BY min(start_time) DESC, trace_id DESC
LIMIT {limit:UInt32}
