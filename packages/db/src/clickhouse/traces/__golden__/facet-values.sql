SELECT pair.1 AS facet, pair.2 AS value, count() AS traces, count() OVER (PARTITION BY facet) AS values
FROM (
  SELECT
    countIf(parent_span_id = toFixedString('', 8)) > 0 AS rooted,
    argMin((name, kind, status, toUnixTimestamp64Nano(start_time), toUnixTimestamp64Nano(end_time)), (NOT parent_span_id = toFixedString('', 8), start_time, span_id)) AS head,
    toUnixTimestamp64Nano(max(end_time)) AS last_end,
    arrayConcat(arrayMap(value -> ('status', value), [multiIf(NOT rooted, 'incomplete', head.3 = 'error', 'error', 'ok')]),
      arrayMap(value -> ('kind', value), if(rooted, [toString(head.2)], [])),
      arrayMap(value -> ('service', value), groupUniqArrayIf(toString(service), service != '')),
      arrayMap(value -> ('agent', value), groupUniqArrayIf(toString(agent), agent != '')),
      arrayMap(value -> ('model', value), groupUniqArrayIf(toString(model), model != '')),
      arrayMap(value -> ('environment', value), groupUniqArrayIf(toString(environment), environment != '')),
      arrayMap(value -> ('release', value), groupUniqArrayIf(toString(release), release != '')),
      arrayMap(value -> ('variant', value), groupUniqArrayIf(toString(variant), variant != '')),
      arrayMap(value -> ('prompt', value), groupUniqArrayIf(toString(trimBoth(concat(prompt_name, ' ', prompt_version))), trimBoth(concat(prompt_name, ' ', prompt_version)) != '')),
      arrayMap(value -> ('tag', value), groupUniqArrayArray(arrayMap(tag -> toString(tag), tags))),
      arrayMap(value -> ('user', value), groupUniqArrayIf(toString(user), user != '')),
      arrayMap(value -> ('session', value), groupUniqArrayIf(toString(session), session != ''))) AS pairs
  FROM spans FINAL
  PREWHERE cityHash64(trace_id) % {oneIn:UInt32} = 0
  WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY
  AND NOT trace_id IN (SELECT trace_id FROM spans FINAL WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 HOUR
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') + INTERVAL 1 DAY AND hasAny(tags, {without_tag:Array(String)}))
  GROUP BY trace_id
  HAVING head.4 >= {from:Int64}
  AND head.4 < {to:Int64}
  AND has(['ok', 'error']::Array(String), [multiIf(NOT rooted, 'incomplete', head.3 = 'error', 'error', 'ok')][1])
  AND rooted
  AND (NOT rooted OR head.2 IN {only_kind:Array(String)})
  AND positionCaseInsensitiveUTF8(head.1, {name:String}) > 0
  AND if(rooted, head.5, last_end) - head.4 >= {minDurationNs:Int64}
)
ARRAY JOIN pairs AS pair
WHERE positionCaseInsensitiveUTF8(pair.2, {search:String}) > 0
GROUP BY facet, value
ORDER BY facet, has({keep:Array(String)}, value) DESC, traces DESC, value
LIMIT {valuesMax:UInt32} BY facet
