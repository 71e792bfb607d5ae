SELECT
  toString(trace_id) AS traceId,
  argMin(
    leftUTF8(JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(input_messages)), 'parts', 1, 'content'), {charsMax:UInt32}),
    (start_time, span_id, -toUnixTimestamp64Micro(received_at))
  ) AS preview
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 DAY
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN {traceIds:Array(String)} AND parent_span_id = '' AND input_messages NOT IN ('', '[]')
GROUP BY trace_id
HAVING preview != ''
