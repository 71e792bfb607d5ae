SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(began)) AS startTimeUnixNano
FROM (
SELECT min(first) AS began, trace_id
FROM trace_times
WHERE project = {project:String} AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY trace_id HAVING countIf(parent_span_id = toFixedString('', 8)) = 0)
GROUP BY trace_id
HAVING max(is_rooted) = 0
  AND began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND began >= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (began > fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id > unhex({cursorTraceId:String}))
)
ORDER BY began ASC, trace_id ASC
LIMIT {limit:UInt32}
