SELECT model, toString(any(subject)) AS subject, sum(trend_rollups.count) AS count, sum(trend_rollups.errors) AS errors,
  quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(duration_ms) AS quantiles, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
  toFloat64(sum(cost_usd)) AS costUsd, sum(without_cost) AS withoutCost
FROM trend_rollups FINAL
WHERE project = {project:String} AND unit = {unit:String} AND time >= toStartOfInterval(fromUnixTimestamp64Nano({from:Int64}, 'UTC'), toIntervalSecond({unitSeconds:UInt32}))
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND trend_rollups.subject = 'call'
  AND service = {service:String}
GROUP BY model
HAVING count > 0
ORDER BY costUsd DESC, model
LIMIT {modelsMax:UInt32}
