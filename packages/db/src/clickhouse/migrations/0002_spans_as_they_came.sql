-- Ids are bytes instead of their hex digits, and messages stay as their sender wrote them (they are read into the canonical model when they are shown):
-- a span then goes from the wire into its columns without being parsed.
RENAME TABLE IF EXISTS spans TO spans_0001;

-- A span sent twice is one row: the sorting key is its identity, the version that arrived last wins, and reads use FINAL (or LIMIT 1 BY),
-- which stays inside one partition because a span's start never moves to another day. A parent of zeros is none.
CREATE TABLE IF NOT EXISTS spans
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
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toDate(start_time)
ORDER BY (project, start_time, trace_id, span_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

INSERT INTO spans (* EXCEPT(system_messages)) SETTINGS max_partitions_per_insert_block = 0
SELECT * REPLACE(unhex(trace_id) AS trace_id, unhex(span_id) AS span_id, toFixedString(unhex(parent_span_id), 8) AS parent_span_id)
FROM spans_0001;

DROP TABLE IF EXISTS spans_0001;
