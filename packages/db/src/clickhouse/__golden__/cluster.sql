CREATE TABLE IF NOT EXISTS spans_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    trace_id FixedString(32),
    span_id FixedString(16),
    parent_span_id String,
    name String,
    kind LowCardinality(String),
    service LowCardinality(String),
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    end_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    status LowCardinality(String),
    status_message String CODEC(ZSTD(1)),
    operation LowCardinality(String),
    provider LowCardinality(String),
    model LowCardinality(String),
    agent LowCardinality(String),
    input_messages String CODEC(ZSTD(1)),
    output_messages String CODEC(ZSTD(1)),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    tool_arguments String CODEC(ZSTD(1)),
    tool_result String CODEC(ZSTD(1)),
    input_tokens Nullable(UInt32),
    output_tokens Nullable(UInt32),
    cached_tokens Nullable(UInt32),
    reasoning_tokens Nullable(UInt32),
    usage_is_estimate Bool,
    cost_usd Nullable(Decimal(18, 9)),
    cost_is_estimate Bool,
    session String CODEC(ZSTD(1)),
    user String CODEC(ZSTD(1)),
    tags Array(LowCardinality(String)),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    release LowCardinality(String),
    environment LowCardinality(String),
    variant LowCardinality(String),
    dialect LowCardinality(String),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    resource_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    scope LowCardinality(String),
    events String CODEC(ZSTD(1)),
    links String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_session session TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', received_at)
PARTITION BY toDate(start_time)
ORDER BY (project, start_time, trace_id, span_id)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS spans ON CLUSTER 'telemetry' AS spans_local ENGINE = Distributed('telemetry', currentDatabase(), 'spans_local', sipHash64(trace_id));

CREATE TABLE IF NOT EXISTS decisions_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    task_id String,
    seq UInt32,
    kind LowCardinality(String),
    time DateTime64(3, 'UTC'),
    trace_id FixedString(32),
    span_id String,
    chosen String CODEC(ZSTD(1)),
    record String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC'),
    INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', received_at)
PARTITION BY toYYYYMM(time)
ORDER BY (project, task_id, seq)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS decisions ON CLUSTER 'telemetry' AS decisions_local ENGINE = Distributed('telemetry', currentDatabase(), 'decisions_local', sipHash64(unhex(toString(trace_id))));

CREATE TABLE IF NOT EXISTS logs_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    digest FixedString(32),
    trace_id String,
    span_id String,
    service LowCardinality(String),
    event_name LowCardinality(String),
    severity LowCardinality(String),
    body String CODEC(ZSTD(1)),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', received_at)
PARTITION BY toDate(time)
ORDER BY (project, time, digest)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS logs ON CLUSTER 'telemetry' AS logs_local ENGINE = Distributed('telemetry', currentDatabase(), 'logs_local', if(trace_id = '', sipHash64(digest), sipHash64(unhex(trace_id))));

CREATE TABLE IF NOT EXISTS scores_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    trace_id FixedString(32),
    span_id String,
    name LowCardinality(String),
    value Float64,
    label LowCardinality(String),
    explanation String CODEC(ZSTD(1)),
    scorer LowCardinality(String),
    time DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', time)
ORDER BY (project, trace_id, span_id, name, scorer)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS scores ON CLUSTER 'telemetry' AS scores_local ENGINE = Distributed('telemetry', currentDatabase(), 'scores_local', sipHash64(unhex(toString(trace_id))));

CREATE TABLE IF NOT EXISTS rejected_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    source LowCardinality(String),
    reason String,
    record String CODEC(ZSTD(1)),
    digest FixedString(32),
    received_at DateTime64(6, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
PARTITION BY toDate(received_at)
ORDER BY (project, source, digest)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS rejected ON CLUSTER 'telemetry' AS rejected_local ENGINE = Distributed('telemetry', currentDatabase(), 'rejected_local', sipHash64(digest));

RENAME TABLE IF EXISTS spans_local TO spans_0001_local ON CLUSTER 'telemetry';

DROP TABLE IF EXISTS spans ON CLUSTER 'telemetry' SYNC;

CREATE TABLE IF NOT EXISTS spans_0001 ON CLUSTER 'telemetry' AS spans_0001_local ENGINE = Distributed('telemetry', currentDatabase(), 'spans_0001_local', sipHash64(unhex(toString(trace_id))));

CREATE TABLE IF NOT EXISTS spans_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    trace_id FixedString(16),
    span_id FixedString(8),
    parent_span_id FixedString(8),
    name String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    service LowCardinality(String),
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    end_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    status LowCardinality(String),
    status_message String CODEC(ZSTD(1)),
    operation LowCardinality(String),
    provider LowCardinality(String),
    model LowCardinality(String),
    agent LowCardinality(String),
    system_messages String CODEC(ZSTD(1)),
    input_messages String CODEC(ZSTD(1)),
    output_messages String CODEC(ZSTD(1)),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    tool_arguments String CODEC(ZSTD(1)),
    tool_result String CODEC(ZSTD(1)),
    input_tokens Nullable(UInt32) CODEC(T64, ZSTD(1)),
    output_tokens Nullable(UInt32) CODEC(T64, ZSTD(1)),
    cached_tokens Nullable(UInt32) CODEC(T64, ZSTD(1)),
    reasoning_tokens Nullable(UInt32) CODEC(T64, ZSTD(1)),
    usage_is_estimate Bool,
    cost_usd Nullable(Decimal(18, 9)) CODEC(T64, ZSTD(1)),
    cost_is_estimate Bool,
    session String CODEC(ZSTD(1)),
    user String CODEC(ZSTD(1)),
    tags Array(LowCardinality(String)),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    release LowCardinality(String),
    environment LowCardinality(String),
    variant LowCardinality(String),
    dialect LowCardinality(String),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    resource_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    scope LowCardinality(String),
    events String CODEC(ZSTD(1)),
    links String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_session session TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', received_at)
PARTITION BY toDate(start_time)
ORDER BY (project, start_time, trace_id, span_id)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS spans ON CLUSTER 'telemetry' AS spans_local ENGINE = Distributed('telemetry', currentDatabase(), 'spans_local', sipHash64(trace_id));

INSERT INTO spans (* EXCEPT(system_messages)) SETTINGS max_partitions_per_insert_block = 0
SELECT * REPLACE(unhex(trace_id) AS trace_id, unhex(span_id) AS span_id, toFixedString(unhex(parent_span_id), 8) AS parent_span_id)
FROM spans_0001;

DROP TABLE IF EXISTS spans_0001 ON CLUSTER 'telemetry' SYNC;

DROP TABLE IF EXISTS spans_0001_local ON CLUSTER 'telemetry' SYNC;

CREATE TABLE IF NOT EXISTS metric_points_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    metric LowCardinality(String),
    series FixedString(32),
    time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    type LowCardinality(String),
    unit LowCardinality(String),
    description LowCardinality(String),
    temporality LowCardinality(String),
    is_monotonic Bool,
    service LowCardinality(String),
    scope LowCardinality(String),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    resource_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    value Nullable(Float64) CODEC(ZSTD(1)),
    count UInt64 CODEC(ZSTD(1)),
    sum Nullable(Float64) CODEC(ZSTD(1)),
    min Nullable(Float64) CODEC(ZSTD(1)),
    max Nullable(Float64) CODEC(ZSTD(1)),
    bucket_counts Array(UInt64) CODEC(ZSTD(1)),
    explicit_bounds Array(Float64) CODEC(ZSTD(1)),
    scale Int32,
    zero_count UInt64,
    zero_threshold Float64,
    positive_offset Int32,
    positive_counts Array(UInt64) CODEC(ZSTD(1)),
    negative_offset Int32,
    negative_counts Array(UInt64) CODEC(ZSTD(1)),
    quantiles Array(Float64),
    quantile_values Array(Float64) CODEC(ZSTD(1)),
    exemplars String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', received_at)
PARTITION BY toDate(time)
ORDER BY (project, metric, series, time, start_time)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS metric_points ON CLUSTER 'telemetry' AS metric_points_local ENGINE = Distributed('telemetry', currentDatabase(), 'metric_points_local', sipHash64(series));

CREATE TABLE IF NOT EXISTS run_parts_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    run_id FixedString(32),
    operation LowCardinality(String),
    fields String CODEC(ZSTD(1)),
    body String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', received_at)
PARTITION BY toDate(received_at)
ORDER BY (project, run_id, operation, fields)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS run_parts ON CLUSTER 'telemetry' AS run_parts_local ENGINE = Distributed('telemetry', currentDatabase(), 'run_parts_local', sipHash64(run_id));

CREATE TABLE IF NOT EXISTS workspace_objects_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    kind LowCardinality(String),
    parent String,
    id UUID,
    name String,
    body String CODEC(ZSTD(1)),
    created_at DateTime64(6, 'UTC'),
    updated_at DateTime64(6, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', updated_at)
ORDER BY (project, kind, parent, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS workspace_objects ON CLUSTER 'telemetry' AS workspace_objects_local ENGINE = Distributed('telemetry', currentDatabase(), 'workspace_objects_local', sipHash64(id));

ALTER TABLE spans_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE spans ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE decisions_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE decisions ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE logs_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE logs ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE metric_points_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE metric_points ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE run_parts_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String) DEFAULT 'langsmith';

ALTER TABLE run_parts ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String) DEFAULT 'langsmith';

ALTER TABLE scores_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS received_at DateTime64(6, 'UTC');

ALTER TABLE scores ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS received_at DateTime64(6, 'UTC');

ALTER TABLE scores_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE scores ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS source LowCardinality(String);

ALTER TABLE spans_local ON CLUSTER 'telemetry' ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;

ALTER TABLE logs_local ON CLUSTER 'telemetry' ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;

ALTER TABLE decisions_local ON CLUSTER 'telemetry' ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;

ALTER TABLE metric_points_local ON CLUSTER 'telemetry' ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;

CREATE TABLE IF NOT EXISTS ledger_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    source LowCardinality(String),
    minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    fate LowCardinality(String),
    reason LowCardinality(String),
    records UInt64,
    stored_rows Array(UInt32) EPHEMERAL,
    fingerprints AggregateFunction(groupBitmap, UInt32) DEFAULT bitmapBuild(stored_rows)
)
ENGINE = ReplicatedSummingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
PARTITION BY toDate(minute)
ORDER BY (project, minute, source, fate, reason)
TTL minute + INTERVAL 30 DAY
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS ledger ON CLUSTER 'telemetry' AS ledger_local ENGINE = Distributed('telemetry', currentDatabase(), 'ledger_local', sipHash64(project, minute));

CREATE TABLE IF NOT EXISTS trace_times_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    trace_id FixedString(16),
    first SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    last SimpleAggregateFunction(max, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    is_rooted SimpleAggregateFunction(max, UInt8)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (project, trace_id)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS trace_times ON CLUSTER 'telemetry' AS trace_times_local ENGINE = Distributed('telemetry', currentDatabase(), 'trace_times_local', sipHash64(trace_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_times_view ON CLUSTER 'telemetry' TO trace_times_local AS
SELECT project, trace_id, min(start_time) AS first, max(start_time) AS last, max(toUInt8(parent_span_id = toFixedString('', 8))) AS is_rooted
FROM spans_local
GROUP BY project, trace_id;

INSERT INTO trace_times
SELECT project, trace_id, min(start_time), max(start_time), max(toUInt8(parent_span_id = toFixedString('', 8)))
FROM spans
GROUP BY project, trace_id;

CREATE TABLE IF NOT EXISTS minute_arrivals_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    minute DateTime('UTC'),
    rows SimpleAggregateFunction(sum, UInt64),
    arrived_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (project, minute)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS minute_arrivals ON CLUSTER 'telemetry' AS minute_arrivals_local ENGINE = Distributed('telemetry', currentDatabase(), 'minute_arrivals_local', sipHash64(project, minute));

CREATE MATERIALIZED VIEW IF NOT EXISTS minute_arrivals_view ON CLUSTER 'telemetry' TO minute_arrivals_local AS
SELECT project, toStartOfMinute(start_time) AS minute, count() AS rows, now64(3) AS arrived_at
FROM spans_local
GROUP BY project, minute;

INSERT INTO minute_arrivals
SELECT project, toStartOfMinute(start_time) AS minute, count(), now64(3)
FROM spans
GROUP BY project, minute;

CREATE TABLE IF NOT EXISTS trend_rollups_local ON CLUSTER 'telemetry'
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', computed_at)
PARTITION BY (unit, toYYYYMM(time))
ORDER BY (project, unit, subject, time, service, model)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS trend_rollups ON CLUSTER 'telemetry' AS trend_rollups_local ENGINE = Distributed('telemetry', currentDatabase(), 'trend_rollups_local', sipHash64(project));

CREATE TABLE IF NOT EXISTS trend_minutes_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    minute DateTime('UTC'),
    rows UInt64,
    computed_at DateTime64(6, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', computed_at)
ORDER BY (project, minute)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS trend_minutes ON CLUSTER 'telemetry' AS trend_minutes_local ENGINE = Distributed('telemetry', currentDatabase(), 'trend_minutes_local', sipHash64(project));

ALTER TABLE spans_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS preview String MATERIALIZED if(
    parent_span_id = toFixedString('', 8) AND input_messages NOT IN ('', '[]'),
    leftUTF8(arrayFirst(text -> text != '', [
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'parts', 1, 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'content', 1, 'text'),
      if(match(input_messages, '^\\s*[{\\[]'), '', input_messages)
    ]), 200),
    ''
) CODEC(ZSTD(1));

ALTER TABLE spans ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS preview String MATERIALIZED if(
    parent_span_id = toFixedString('', 8) AND input_messages NOT IN ('', '[]'),
    leftUTF8(arrayFirst(text -> text != '', [
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'parts', 1, 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'content'),
      JSONExtractString(arrayFirst(message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(if(parent_span_id = toFixedString('', 8), input_messages, ''))), 'content', 1, 'text'),
      if(match(input_messages, '^\\s*[{\\[]'), '', input_messages)
    ]), 200),
    ''
) CODEC(ZSTD(1));

CREATE TABLE IF NOT EXISTS trace_keys_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    key Enum8('session' = 1, 'user' = 2),
    value String CODEC(ZSTD(1)),
    hour DateTime('UTC') CODEC(ZSTD(1)),
    trace_id FixedString(16)
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (project, key, value, hour, trace_id)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS trace_keys ON CLUSTER 'telemetry' AS trace_keys_local ENGINE = Distributed('telemetry', currentDatabase(), 'trace_keys_local', sipHash64(trace_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_keys_view ON CLUSTER 'telemetry' TO trace_keys_local AS
SELECT DISTINCT project, pair.1 AS key, pair.2 AS value, toStartOfHour(start_time) AS hour, trace_id
FROM spans_local
ARRAY JOIN [(CAST('session', 'Enum8(\'session\' = 1, \'user\' = 2)'), session), (CAST('user', 'Enum8(\'session\' = 1, \'user\' = 2)'), user)] AS pair
WHERE pair.2 != '';

INSERT INTO trace_keys
SELECT DISTINCT project, pair.1, pair.2, toStartOfHour(start_time), trace_id
FROM spans
ARRAY JOIN [(CAST('session', 'Enum8(\'session\' = 1, \'user\' = 2)'), session), (CAST('user', 'Enum8(\'session\' = 1, \'user\' = 2)'), user)] AS pair
WHERE pair.2 != '';

CREATE TABLE IF NOT EXISTS trace_verdicts_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    trace_id FixedString(16),
    is_kept Bool,
    reason LowCardinality(String),
    decided_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', decided_at)
PARTITION BY toDate(decided_at)
ORDER BY (project, trace_id)
TTL toDateTime(decided_at) + INTERVAL 1 DAY
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS trace_verdicts ON CLUSTER 'telemetry' AS trace_verdicts_local ENGINE = Distributed('telemetry', currentDatabase(), 'trace_verdicts_local', sipHash64(trace_id));

ALTER TABLE spans_local ON CLUSTER 'telemetry' ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;

ALTER TABLE spans_local ON CLUSTER 'telemetry' MODIFY SETTING exclude_deleted_rows_for_part_size_in_merge = 1, lightweight_mutation_projection_mode = 'rebuild';

CREATE TABLE IF NOT EXISTS erasing_local ON CLUSTER 'telemetry'
(
    erasure String,
    trace_id FixedString(16),
    minute DateTime('UTC'),
    value String
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
PARTITION BY erasure
ORDER BY (trace_id, minute);

CREATE TABLE IF NOT EXISTS erasing ON CLUSTER 'telemetry' AS erasing_local ENGINE = Distributed('telemetry', currentDatabase(), 'erasing_local', sipHash64(trace_id));

ALTER TABLE spans_local ON CLUSTER 'telemetry' MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE spans_local ON CLUSTER 'telemetry' MODIFY SETTING merge_selector_base = 10;

RENAME TABLE IF EXISTS trace_times_local TO trace_times_0006_local ON CLUSTER 'telemetry';

DROP TABLE IF EXISTS trace_times ON CLUSTER 'telemetry' SYNC;

CREATE TABLE IF NOT EXISTS trace_times_0006 ON CLUSTER 'telemetry' AS trace_times_0006_local ENGINE = Distributed('telemetry', currentDatabase(), 'trace_times_0006_local', sipHash64(trace_id));

CREATE TABLE IF NOT EXISTS trace_times_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    trace_id FixedString(16),
    first SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    last SimpleAggregateFunction(max, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    is_rooted SimpleAggregateFunction(max, UInt8)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (project, trace_id)
SETTINGS index_granularity = 256, min_compress_block_size = 4096, replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS trace_times ON CLUSTER 'telemetry' AS trace_times_local ENGINE = Distributed('telemetry', currentDatabase(), 'trace_times_local', sipHash64(trace_id));

INSERT INTO trace_times SELECT * FROM trace_times_0006;

DROP TABLE IF EXISTS trace_times_0006 ON CLUSTER 'telemetry' SYNC;

DROP TABLE IF EXISTS trace_times_0006_local ON CLUSTER 'telemetry' SYNC;

ALTER TABLE trace_times_local ON CLUSTER 'telemetry' MODIFY SETTING exclude_deleted_rows_for_part_size_in_merge = 1;

ALTER TABLE trace_keys_local ON CLUSTER 'telemetry' MODIFY SETTING exclude_deleted_rows_for_part_size_in_merge = 1;

ALTER TABLE spans_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE trace_keys_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE trace_times_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE trace_verdicts_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE erasing_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE decisions_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE scores_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE logs_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE metric_points_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE rejected_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE run_parts_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

ALTER TABLE workspace_objects_local ON CLUSTER 'telemetry' MODIFY SETTING max_cleanup_delay_period = 60;

CREATE TABLE IF NOT EXISTS score_outcomes_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    rule UUID,
    version UInt32,
    trace_id FixedString(32) CODEC(ZSTD(1)),
    state LowCardinality(String),
    reason String CODEC(ZSTD(1)),
    tries UInt16,
    scores Map(LowCardinality(String), Float64),
    cost_usd Float64,
    tokens UInt64,
    seen_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    next_try_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    updated_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', updated_at)
PARTITION BY toDate(seen_at)
ORDER BY (project, rule, version, trace_id)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, max_cleanup_delay_period = 60;

CREATE TABLE IF NOT EXISTS score_outcomes ON CLUSTER 'telemetry' AS score_outcomes_local ENGINE = Distributed('telemetry', currentDatabase(), 'score_outcomes_local', sipHash64(unhex(toString(trace_id))));

ALTER TABLE scores_local ON CLUSTER 'telemetry' MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE scores_local ON CLUSTER 'telemetry' ADD PROJECTION IF NOT EXISTS by_name
(
    SELECT project, name, trace_id, span_id, scorer, value, time, received_at
    ORDER BY project, name, greatest(time, received_at)
);

ALTER TABLE scores_local ON CLUSTER 'telemetry' MATERIALIZE PROJECTION IF EXISTS by_name;

ALTER TABLE scores_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS feedback_id String CODEC(ZSTD(1));

ALTER TABLE scores ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS feedback_id String CODEC(ZSTD(1));

ALTER TABLE scores_local ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS feedback_run String CODEC(ZSTD(1));

ALTER TABLE scores ON CLUSTER 'telemetry' ADD COLUMN IF NOT EXISTS feedback_run String CODEC(ZSTD(1));

RENAME TABLE IF EXISTS scores_local TO scores_0017_local ON CLUSTER 'telemetry';

DROP TABLE IF EXISTS scores ON CLUSTER 'telemetry' SYNC;

CREATE TABLE IF NOT EXISTS scores_0017 ON CLUSTER 'telemetry' AS scores_0017_local ENGINE = Distributed('telemetry', currentDatabase(), 'scores_0017_local', sipHash64(unhex(toString(trace_id))));

CREATE TABLE IF NOT EXISTS scores_local ON CLUSTER 'telemetry'
(
    project LowCardinality(String),
    trace_id FixedString(32),
    span_id String,
    name LowCardinality(String),
    value Float64,
    label LowCardinality(String),
    explanation String CODEC(ZSTD(1)),
    scorer LowCardinality(String),
    time DateTime64(3, 'UTC'),
    received_at DateTime64(6, 'UTC'),
    source LowCardinality(String),
    feedback_id String CODEC(ZSTD(1)),
    feedback_run String CODEC(ZSTD(1)),
    PROJECTION by_name
    (
        SELECT project, name, trace_id, span_id, scorer, feedback_id, value, time, received_at
        ORDER BY project, name, greatest(time, received_at)
    )
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', time)
ORDER BY (project, trace_id, span_id, name, scorer, feedback_id)
SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, max_cleanup_delay_period = 60,
  deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

CREATE TABLE IF NOT EXISTS scores ON CLUSTER 'telemetry' AS scores_local ENGINE = Distributed('telemetry', currentDatabase(), 'scores_local', sipHash64(unhex(toString(trace_id))));

INSERT INTO scores (project, trace_id, span_id, name, value, label, explanation, scorer, time, received_at, source, feedback_id, feedback_run)
SELECT project, trace_id, span_id, name, value, label, explanation, scorer, time, received_at, source, feedback_id, feedback_run
FROM scores_0017 FINAL;

DROP TABLE IF EXISTS scores_0017 ON CLUSTER 'telemetry' SYNC;

DROP TABLE IF EXISTS scores_0017_local ON CLUSTER 'telemetry' SYNC;
