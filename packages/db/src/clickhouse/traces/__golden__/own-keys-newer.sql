SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(first))) AS startTimeUnixNano
FROM trace_times
WHERE project = {project:String} AND trace_id IN (
  (SELECT trace_id FROM trace_keys WHERE project = {project:String} AND key = 'session' AND value = {session:String} AND hour >= toStartOfHour(fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')) AND hour <= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC'))
  UNION ALL
  (SELECT trace_id FROM trace_keys WHERE project = {project:String} AND key = 'session' AND value = {session:String} AND hour > fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') AND hour <= fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY trace_id ORDER BY min(hour) LIMIT {tracesMax:UInt32} WITH TIES)
)
GROUP BY trace_id
HAVING min(first) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND min(first) < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND min(first) >= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (min(first) > fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id > unhex({cursorTraceId:String}))
ORDER BY min(first) ASC, trace_id ASC
LIMIT {limit:UInt32}
