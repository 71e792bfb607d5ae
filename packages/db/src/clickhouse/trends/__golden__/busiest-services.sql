SELECT service, sum(trend_rollups.count) AS count
FROM trend_rollups FINAL
WHERE project = {project:String} AND unit = {unit:String} AND time >= toStartOfInterval(fromUnixTimestamp64Nano({from:Int64}, 'UTC'), toIntervalSecond({unitSeconds:UInt32}))
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND subject IN ('trace', 'call')
GROUP BY service
HAVING count > 0
ORDER BY count DESC, service
LIMIT {servicesMax:UInt32}
