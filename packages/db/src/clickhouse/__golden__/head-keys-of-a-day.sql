WITH
  (SELECT groupArray((began, trace_id)) FROM (SELECT start_time AS began, trace_id
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND parent_span_id = toFixedString('', 8)
ORDER BY start_time DESC, trace_id DESC
LIMIT 1 BY start_time, trace_id
LIMIT {limit:UInt32})) AS roots,
  if(length(roots) < {limit:UInt32}, fromUnixTimestamp64Nano({from:Int64}, 'UTC'), arrayMin(roots.1)) AS edge
SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(began)) AS startTimeUnixNano
FROM (
SELECT root.1 AS began, root.2 AS trace_id FROM (SELECT arrayJoin(roots) AS root)
UNION ALL
SELECT min(first) AS began, trace_id
FROM trace_times
WHERE project = {project:String} AND trace_id IN (SELECT trace_id FROM trace_times WHERE project = {project:String}
  AND last >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND first < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND last >= edge GROUP BY trace_id HAVING max(is_rooted) = 0)
GROUP BY trace_id
HAVING max(is_rooted) = 0
  AND began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
)
ORDER BY began DESC, trace_id DESC
LIMIT {limit:UInt32}
