SELECT model, sum(trend_rollups.count) AS count, sum(trend_rollups.errors) AS errors, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
  toFloat64(sum(cost_usd)) AS costUsd, sum(without_cost) AS withoutCost
FROM trend_rollups FINAL
WHERE project = {project:String} AND unit = {unit:String} AND time >= toStartOfInterval(fromUnixTimestamp64Nano({from:Int64}, 'UTC'), toIntervalSecond({unitSeconds:UInt32}))
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND subject = 'call'
  AND service = {service:String}
GROUP BY model
HAVING count > 0
ORDER BY costUsd DESC, count DESC, model
LIMIT {modelsMax:UInt32}
