SELECT toUnixTimestamp(toStartOfInterval(time, toIntervalSecond({stepSeconds:UInt32}))) AS at, toUInt8(subject IN ('call', 'every call')) AS isCalls,
  quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(duration_ms) AS quantiles, sum(trend_rollups.count) AS count, sum(trend_rollups.errors) AS errors, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
  toFloat64(sum(cost_usd)) AS costUsd, sum(without_cost) AS withoutCost
FROM trend_rollups FINAL
WHERE project = {project:String} AND unit = {unit:String} AND time >= toStartOfInterval(fromUnixTimestamp64Nano({from:Int64}, 'UTC'), toIntervalSecond({unitSeconds:UInt32}))
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND subject IN ('call')
  AND service = {service:String}
  AND model = {model:String}
GROUP BY at, isCalls
HAVING count > 0
ORDER BY at
