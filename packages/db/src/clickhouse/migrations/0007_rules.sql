-- What tail sampling decided about traces: `reason` is why one is kept, or "rest". A trace that goes on after its verdict follows it.
CREATE TABLE IF NOT EXISTS trace_verdicts
(
    project LowCardinality(String),
    trace_id FixedString(16),
    is_kept Bool,
    reason LowCardinality(String),
    decided_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(decided_at)
PARTITION BY toDate(decided_at)
ORDER BY (project, trace_id)
TTL toDateTime(decided_at) + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

-- What was received lately is looked for among everything.
ALTER TABLE spans ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;

-- Traces that are not kept leave the table with the next merge of their parts: a part counts as large as what is left of it.
ALTER TABLE spans MODIFY SETTING exclude_deleted_rows_for_part_size_in_merge = 1, lightweight_mutation_projection_mode = 'rebuild';
