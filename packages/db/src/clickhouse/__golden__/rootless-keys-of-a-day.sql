SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(start_time))) AS startTimeUnixNano
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND trace_id IN (SELECT trace_id FROM trace_times WHERE project = {project:String} AND last >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND first < fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY trace_id HAVING max(is_rooted) = 0)
GROUP BY trace_id
ORDER BY min(start_time) DESC, trace_id DESC
LIMIT {limit:UInt32}
