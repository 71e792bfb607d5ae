SELECT
  lower(hex(trace_id)) AS traceId,
  argMin(
    leftUTF8(arrayFirst(text -> text != '', [
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(input_messages)), 'parts', 1, 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(input_messages)), 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(input_messages)), 'content', 1, 'text'),
      if(match(input_messages, '^\\s*[{\\[]'), '', input_messages)
    ]), {charsMax:UInt32}),
    (start_time, span_id, -toUnixTimestamp64Micro(received_at))
  ) AS preview
FROM spans
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 DAY
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {traceIds:Array(String)}))), 16)) AND parent_span_id = toFixedString('', 8) AND input_messages NOT IN ('', '[]')
GROUP BY trace_id
HAVING preview != ''
