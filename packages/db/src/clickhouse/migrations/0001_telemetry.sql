-- Every table remembers the tokens of its last 1,000 inserts, so that one repeated after a crash changes nothing, and answers an insert when it is on disk.

-- Spans in the canonical model. A span sent twice is one row: the sorting key is its identity, the version that arrived last wins,
-- and reads use FINAL (or LIMIT 1 BY), which stays inside one partition because a span's start never moves to another day.
CREATE TABLE IF NOT EXISTS spans
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
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toDate(start_time)
ORDER BY (project, start_time, trace_id, span_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The decision log as the runtime relayed it; PostgreSQL holds the original. (project, task_id, seq) is a decision's identity.
CREATE TABLE IF NOT EXISTS decisions
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
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toYYYYMM(time)
ORDER BY (project, task_id, seq)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Log records that are no decision: kept as they came. A record has no identity of its own; its digest stands in for one.
CREATE TABLE IF NOT EXISTS logs
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
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toDate(time)
ORDER BY (project, time, digest)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- One score per trace or span, name and scorer; a later one replaces it.
CREATE TABLE IF NOT EXISTS scores
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
ENGINE = ReplacingMergeTree(time)
ORDER BY (project, trace_id, span_id, name, scorer)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What was acknowledged but could not become a row, whole and with the reason, so that nothing is silently dropped.
CREATE TABLE IF NOT EXISTS rejected
(
    project LowCardinality(String),
    source LowCardinality(String),
    reason String,
    record String CODEC(ZSTD(1)),
    digest FixedString(32),
    received_at DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(received_at)
ORDER BY (project, source, digest)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
