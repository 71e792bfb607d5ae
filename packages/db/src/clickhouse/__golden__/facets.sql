(SELECT 'name' AS facet, name AS value, uniqExact(trace_id) AS traces FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND parent_span_id = toFixedString('', 8) GROUP BY value ORDER BY traces DESC, value LIMIT {valuesMax:UInt32})
UNION ALL
(SELECT 'model' AS facet, model AS value, uniqExact(trace_id) AS traces FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND model != '' AND kind IN ('llm', 'embedding', 'reranker') GROUP BY value ORDER BY traces DESC, value LIMIT {valuesMax:UInt32})
UNION ALL
(SELECT 'tag' AS facet, arrayJoin(tags) AS value, uniqExact(trace_id) AS traces FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND notEmpty(tags) GROUP BY value ORDER BY traces DESC, value LIMIT {valuesMax:UInt32})
UNION ALL
(SELECT 'user' AS facet, user AS value, uniqExact(trace_id) AS traces FROM spans WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND user != '' GROUP BY value ORDER BY traces DESC, value LIMIT {valuesMax:UInt32})
