SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(began)) AS startTimeUnixNano
FROM (
SELECT min(first) AS began, trace_id
FROM trace_times
WHERE project = {project:String} AND trace_id IN (SELECT trace_id FROM trace_times WHERE project = {project:String}
  AND last >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND first < fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY trace_id HAVING max(is_rooted) = 0)
GROUP BY trace_id
HAVING max(is_rooted) = 0
  AND began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
)
ORDER BY began DESC, trace_id DESC
LIMIT {limit:UInt32}
