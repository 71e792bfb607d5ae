-- What LangSmith clients said about each run, one row per operation (post, patch, attachment) and set of fields that it carries: a run arrives in several requests,
-- in any order, and every row of it in `spans` is made of all its parts. Sent again, a part takes its own place. Rows go after thirty days: no run is open for longer.
CREATE TABLE IF NOT EXISTS run_parts
(
    project LowCardinality(String),
    run_id FixedString(32),
    operation LowCardinality(String),
    fields String CODEC(ZSTD(1)),
    body String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toDate(received_at)
ORDER BY (project, run_id, operation, fields)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

-- What LangSmith clients keep beside runs: datasets, their examples (`parent` is the dataset), and sessions, which are experiments on one. The version written last wins.
CREATE TABLE IF NOT EXISTS workspace_objects
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
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (project, kind, parent, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
