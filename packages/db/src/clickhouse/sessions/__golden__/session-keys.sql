SELECT session AS id, toString(toUnixTimestamp64Nano(max(start_time))) AS lastUnixNano
FROM spans FINAL
WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND session != ''
  AND positionCaseInsensitiveUTF8(session, {search:String}) > 0
  AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND user = {user:String})
GROUP BY session
HAVING max(start_time) < fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') OR (max(start_time) = fromUnixTimestamp64Nano({cursorTime:Int64}, 'UTC') AND session < {cursorId:String})
ORDER BY max(start_time) DESC, session DESC
LIMIT {limit:UInt32}
