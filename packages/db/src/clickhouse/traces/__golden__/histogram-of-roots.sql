SELECT intDiv(toUnixTimestamp64Nano(began) - {from:Int64}, {widthNs:Int64}) AS bucket, uniqExact(trace_id) AS traces, uniqExactIf(trace_id, isFailed) AS failed
FROM (
  SELECT trace_id, start_time AS began, status = 'error' AS isFailed FROM spans FINAL
  WHERE project = {project:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND parent_span_id = toFixedString('', 8)
  AND positionCaseInsensitiveUTF8(name, {name:String}) > 0
)
GROUP BY bucket
ORDER BY bucket
