SELECT intDiv(toUnixTimestamp64Nano(began) - {from:Int64}, {widthNs:Int64}) AS bucket, uniqExact(trace_id) AS traces, uniqExactIf(trace_id, isFailed) AS failed
FROM (
  SELECT trace_id, start_time AS began, status = 'error' AS isFailed FROM spans FINAL
  WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND parent_span_id = toFixedString('', 8)
  AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND status = 'error')
  AND trace_id IN (SELECT trace_id FROM (SELECT trace_id, cost_usd FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND kind IN ('llm', 'embedding', 'reranker') AND (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND kind IN ('llm', 'embedding', 'reranker'))) GROUP BY trace_id HAVING sum(cost_usd) >= {minCostUsd:Float64})
  UNION ALL
  SELECT trace_id, began, false AS isFailed FROM (SELECT min(first) AS began, trace_id
FROM trace_times
WHERE project = {project:String} AND trace_id IN (SELECT trace_id FROM trace_times WHERE project = {project:String}
  AND last >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND first < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND status = 'error')
  AND trace_id IN (SELECT trace_id FROM (SELECT trace_id, cost_usd FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND kind IN ('llm', 'embedding', 'reranker') AND (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND kind IN ('llm', 'embedding', 'reranker'))) GROUP BY trace_id HAVING sum(cost_usd) >= {minCostUsd:Float64}) GROUP BY trace_id HAVING max(is_rooted) = 0)
GROUP BY trace_id
HAVING max(is_rooted) = 0
  AND began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
)
GROUP BY bucket
ORDER BY bucket
