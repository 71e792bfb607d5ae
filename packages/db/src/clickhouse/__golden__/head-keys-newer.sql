WITH
  (SELECT groupArray((began, trace_id)) FROM (SELECT start_time AS began, trace_id
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time >= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (start_time > fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id > unhex({cursorTraceId:String}))
  AND parent_span_id = toFixedString('', 8)
ORDER BY start_time ASC, trace_id ASC
LIMIT 1 BY start_time, trace_id
LIMIT {limit:UInt32})) AS roots,
  if(length(roots) < {limit:UInt32}, fromUnixTimestamp64Nano({to:Int64}, 'UTC'), arrayMax(roots.1)) AS edge
SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(began)) AS startTimeUnixNano
FROM (
SELECT root.1 AS began, root.2 AS trace_id FROM (SELECT arrayJoin(roots) AS root)
UNION ALL
SELECT min(first) AS began, trace_id
FROM trace_times
WHERE project = {project:String} AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time <= edge GROUP BY trace_id HAVING countIf(parent_span_id = toFixedString('', 8)) = 0)
GROUP BY trace_id
HAVING max(is_rooted) = 0
  AND began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND began >= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (began > fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id > unhex({cursorTraceId:String}))
)
ORDER BY began ASC, trace_id ASC
LIMIT {limit:UInt32}
