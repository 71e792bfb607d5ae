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
  AND began <= fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC')
  AND (began < fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR trace_id < unhex({cursorTraceId:String}))
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY trace_id HAVING countIf(parent_span_id = toFixedString('', 8)) = 0) GROUP BY trace_id HAVING positionCaseInsensitiveUTF8(argMin(name, start_time), {name:String}) > 0)
  AND (max(last) >= fromUnixTimestamp64Nano({to:Int64}, 'UTC') OR trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND trace_id IN (SELECT trace_id FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY trace_id HAVING countIf(parent_span_id = toFixedString('', 8)) = 0) GROUP BY trace_id HAVING toUnixTimestamp64Nano(max(end_time)) - toUnixTimestamp64Nano(min(start_time)) >= {minDurationNs:Int64}))
)
ORDER BY began DESC, trace_id DESC
LIMIT {limit:UInt32}
