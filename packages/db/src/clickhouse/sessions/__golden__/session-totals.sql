WITH kind IN ('llm', 'embedding', 'reranker') AND (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT trace_id FROM (SELECT DISTINCT session AS id, trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND session IN {ids:Array(String)})) AND kind IN ('llm', 'embedding', 'reranker')) AS counts_usage
SELECT
  id,
  count() AS traces,
  countIf(head.2 = 'error') AS failed,
  sum(trace_spans) AS spans,
  sum(trace_errors) AS errors,
  toString(min(head.1)) AS firstUnixNano,
  toString(max(trace_end)) AS endUnixNano,
  arraySlice(arraySort(arrayDistinct(arrayFlatten(groupArray(trace_models)))), 1, 20) AS models,
  arraySlice(arraySort(arrayDistinct(arrayFlatten(groupArray(trace_others)))), 1, 20) AS others,
  length(arrayDistinct(arrayFlatten(groupArray(trace_others)))) AS othersCount,
  sum(trace_input) AS inputTokens,
  sum(trace_output) AS outputTokens,
  max(trace_usage_estimated) AS usageIsEstimate,
  toFloat64(sum(trace_cost)) AS costUsd,
  max(trace_cost_estimated) AS costIsEstimate,
  sum(trace_costless) AS spansWithoutCost
FROM (
  SELECT
    trace_id,
    argMin((toUnixTimestamp64Nano(start_time), status), (NOT parent_span_id = toFixedString('', 8), start_time, span_id)) AS head,
    toUnixTimestamp64Nano(max(end_time)) AS trace_end,
    count() AS trace_spans,
    countIf(status = 'error') AS trace_errors,
    groupUniqArrayIf(5)(model, model != '' AND kind IN ('llm', 'embedding', 'reranker')) AS trace_models,
    groupUniqArrayIf(user, user != '') AS trace_others,
    sumIf(input_tokens, counts_usage) AS trace_input,
    sumIf(output_tokens, counts_usage) AS trace_output,
    countIf(counts_usage AND usage_is_estimate) > 0 AS trace_usage_estimated,
    sumIf(cost_usd, counts_usage) AS trace_cost,
    countIf(counts_usage AND cost_usd IS NOT NULL AND cost_is_estimate) > 0 AS trace_cost_estimated,
    countIf(counts_usage AND cost_usd IS NULL) AS trace_costless
  FROM spans FINAL
  WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND trace_id IN (SELECT trace_id FROM (SELECT DISTINCT session AS id, trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND session IN {ids:Array(String)}))
  GROUP BY trace_id
  HAVING head.1 >= {from:Int64} AND head.1 < {to:Int64}
) AS totals
INNER JOIN (SELECT DISTINCT session AS id, trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND session IN {ids:Array(String)}) AS owned USING (trace_id)
GROUP BY id
