SELECT toUnixTimestamp(minute) AS minute, sum(rows) AS rows
FROM minute_arrivals
WHERE project = {project:String} AND minute >= toStartOfMinute(fromUnixTimestamp64Nano({from:Int64}, 'UTC')) AND minute < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
GROUP BY minute
