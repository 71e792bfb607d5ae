-- What a span's row tells about its whole trace, kept beside the spans: when the trace's spans start, and whether one of them has no parent.
-- All three only ever grow, so a span that is sent again changes nothing. A trace is found by its id here, whatever day it is of.
CREATE TABLE IF NOT EXISTS trace_times
(
    project LowCardinality(String),
    trace_id FixedString(16),
    first SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    last SimpleAggregateFunction(max, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    is_rooted SimpleAggregateFunction(max, UInt8)
)
ENGINE = AggregatingMergeTree
ORDER BY (project, trace_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_times_view TO trace_times AS
SELECT project, trace_id, min(start_time) AS first, max(start_time) AS last, max(toUInt8(parent_span_id = toFixedString('', 8))) AS is_rooted
FROM spans
GROUP BY project, trace_id;

INSERT INTO trace_times
SELECT project, trace_id, min(start_time), max(start_time), max(toUInt8(parent_span_id = toFixedString('', 8)))
FROM spans
GROUP BY project, trace_id;

-- How many rows have arrived for each minute in which spans start, and when the last of them did: where roll-ups are behind. It never says too few.
CREATE TABLE IF NOT EXISTS minute_arrivals
(
    project LowCardinality(String),
    minute DateTime('UTC'),
    rows SimpleAggregateFunction(sum, UInt64),
    arrived_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (project, minute)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS minute_arrivals_view TO minute_arrivals AS
SELECT project, toStartOfMinute(start_time) AS minute, count() AS rows, now64(3) AS arrived_at
FROM spans
GROUP BY project, minute;

INSERT INTO minute_arrivals
SELECT project, toStartOfMinute(start_time) AS minute, count(), now64(3)
FROM spans
GROUP BY project, minute;

-- Sums over traces (their root spans) and over calls of models, by the minute and by the hour in which they start. A minute is always computed whole, from one row per span,
-- and replaces what was there: sent again, a span counts once. What a minute no longer has is there with zeros.
-- `every` subject is of all services and models together: what a chart without conditions reads.
CREATE TABLE IF NOT EXISTS trend_rollups
(
    project LowCardinality(String),
    unit Enum8('minute' = 1, 'hour' = 2),
    time DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    subject Enum8('trace' = 1, 'call' = 2, 'every trace' = 3, 'every call' = 4),
    service LowCardinality(String),
    model LowCardinality(String),
    count UInt64 CODEC(T64, ZSTD(1)),
    errors UInt64 CODEC(T64, ZSTD(1)),
    input_tokens UInt64 CODEC(T64, ZSTD(1)),
    output_tokens UInt64 CODEC(T64, ZSTD(1)),
    cost_usd Decimal(18, 9) CODEC(T64, ZSTD(1)),
    without_cost UInt64 CODEC(T64, ZSTD(1)),
    duration_ms AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64) CODEC(ZSTD(1)),
    computed_at DateTime64(6, 'UTC') CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY (unit, toYYYYMM(time))
ORDER BY (project, unit, subject, time, service, model)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1;

-- Which minutes `trend_rollups` has, and how many rows had arrived for each when it was computed.
CREATE TABLE IF NOT EXISTS trend_minutes
(
    project LowCardinality(String),
    minute DateTime('UTC'),
    rows UInt64,
    computed_at DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (project, minute)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The beginning of what a root span was asked, for lists: to find it in the messages each time means to decompress them. The engine works out both sides of the outer `if`:
-- the inner ones keep it from parsing the messages of every span.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS preview String MATERIALIZED if(
    parent_span_id = toFixedString('', 8) AND input_messages NOT IN ('', '[]'),
    leftUTF8(arrayFirst(text -> text != '', [
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'parts', 1, 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'content', 1, 'text'),
      if(match(input_messages, '^\\s*[{\\[]'), '', input_messages)
    ]), 200),
    ''
) CODEC(ZSTD(1));

-- Which traces a session and a user have, by the hour in which a span that says so starts: newest first without reading those of all.
CREATE TABLE IF NOT EXISTS trace_keys
(
    project LowCardinality(String),
    key Enum8('session' = 1, 'user' = 2),
    value String CODEC(ZSTD(1)),
    hour DateTime('UTC') CODEC(ZSTD(1)),
    trace_id FixedString(16)
)
ENGINE = ReplacingMergeTree
ORDER BY (project, key, value, hour, trace_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_keys_view TO trace_keys AS
SELECT DISTINCT project, pair.1 AS key, pair.2 AS value, toStartOfHour(start_time) AS hour, trace_id
FROM spans
ARRAY JOIN [(CAST('session', 'Enum8(\'session\' = 1, \'user\' = 2)'), session), (CAST('user', 'Enum8(\'session\' = 1, \'user\' = 2)'), user)] AS pair
WHERE pair.2 != '';

INSERT INTO trace_keys
SELECT DISTINCT project, pair.1, pair.2, toStartOfHour(start_time), trace_id
FROM spans
ARRAY JOIN [(CAST('session', 'Enum8(\'session\' = 1, \'user\' = 2)'), session), (CAST('user', 'Enum8(\'session\' = 1, \'user\' = 2)'), user)] AS pair
WHERE pair.2 != '';
