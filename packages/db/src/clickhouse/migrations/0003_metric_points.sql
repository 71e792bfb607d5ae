-- Data points of metrics. A point sent twice is one row: its series (what it measures, of what, and who measured: a digest of name, type, scope,
-- attributes and resource), its time, and the start of what it sums up are its identity. What a type does not have is 0, NULL or empty.
CREATE TABLE IF NOT EXISTS metric_points
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
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toDate(time)
ORDER BY (project, metric, series, time, start_time)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
