-- Traces are looked up here by the dozen, each wherever its id falls: a piece of 256 of them is read and decompressed for one instead of one of 8,192.
RENAME TABLE IF EXISTS trace_times TO trace_times_0006;

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
SETTINGS index_granularity = 256, min_compress_block_size = 4096, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

INSERT INTO trace_times SELECT * FROM trace_times_0006;

DROP TABLE IF EXISTS trace_times_0006;
