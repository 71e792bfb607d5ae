SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(first))) AS startTimeUnixNano
FROM trace_times
WHERE project = {project:String} AND trace_id IN (
  (SELECT trace_id FROM trace_keys WHERE project = {project:String} AND key = 'user' AND value = {user:String} AND hour >= toStartOfHour(fromUnixTimestamp64Nano({to:Int64}, 'UTC')) AND hour <= fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY)
  UNION ALL
  (SELECT trace_id FROM trace_keys WHERE project = {project:String} AND key = 'user' AND value = {user:String} AND hour < toStartOfHour(fromUnixTimestamp64Nano({to:Int64}, 'UTC')) AND hour >= toStartOfHour(fromUnixTimestamp64Nano({from:Int64}, 'UTC')) GROUP BY trace_id ORDER BY max(hour) DESC LIMIT {tracesMax:UInt32} WITH TIES)
)
GROUP BY trace_id
HAVING min(first) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND min(first) < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
ORDER BY min(first) DESC, trace_id DESC
LIMIT {limit:UInt32}
