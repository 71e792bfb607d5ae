-- What became of each trace that passed the filter of a score rule: a row takes the place of the one before it, and stays in the day in which the trace was first seen to be over.
CREATE TABLE IF NOT EXISTS score_outcomes
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
ENGINE = ReplacingMergeTree(updated_at)
PARTITION BY toDate(seen_at)
ORDER BY (project, rule, version, trace_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, max_cleanup_delay_period = 60;
