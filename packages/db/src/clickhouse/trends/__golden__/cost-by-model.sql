SELECT toUnixTimestamp(toStartOfInterval(time, toIntervalSecond({stepSeconds:UInt32}))) AS at, indexOf({models:Array(String)}, toString(model)) AS place, toFloat64(sum(cost_usd)) AS costUsd
FROM trend_rollups FINAL
WHERE project = {project:String} AND unit = {unit:String} AND time >= toStartOfInterval(fromUnixTimestamp64Nano({from:Int64}, 'UTC'), toIntervalSecond({unitSeconds:UInt32}))
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND subject = 'call'
  AND service = {service:String}
GROUP BY at, place
HAVING costUsd > 0
ORDER BY at
