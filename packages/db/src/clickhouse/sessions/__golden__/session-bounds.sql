SELECT toString(toUnixTimestamp64Nano(min(start_time))) AS first, toString(toUnixTimestamp64Nano(max(start_time))) AS last
FROM spans
WHERE project = {project:String} AND session = {session:String}
HAVING count() > 0
