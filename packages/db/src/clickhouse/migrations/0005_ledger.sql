-- By which way each row came in (`IngestSource`; empty for rows of before, and for those that nobody sent), so that what is readable can be counted by it.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS source LowCardinality(String);
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS source LowCardinality(String);
ALTER TABLE logs ADD COLUMN IF NOT EXISTS source LowCardinality(String);
ALTER TABLE metric_points ADD COLUMN IF NOT EXISTS source LowCardinality(String);
ALTER TABLE run_parts ADD COLUMN IF NOT EXISTS source LowCardinality(String) DEFAULT 'langsmith';
ALTER TABLE scores ADD COLUMN IF NOT EXISTS received_at DateTime64(6, 'UTC');
ALTER TABLE scores ADD COLUMN IF NOT EXISTS source LowCardinality(String);

-- What was received lately is looked for among everything.
ALTER TABLE spans ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;
ALTER TABLE logs ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;
ALTER TABLE decisions ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;
ALTER TABLE metric_points ADD INDEX IF NOT EXISTS by_received received_at TYPE minmax GRANULARITY 1;

-- What became of the records of each project, source and minute of receipt: the collector inserts what it counted in a batch after the batch's rows, under the batch's
-- tokens; merging sums `records` and unites `fingerprints` (an engine that is given columns to sum would do the first only). `fingerprints` are those of the rows that were stored (32 bits of each one's identity): of a lost row it is in no table, of a replaced one it is. A month is kept.
CREATE TABLE IF NOT EXISTS ledger
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
ENGINE = SummingMergeTree
PARTITION BY toDate(minute)
ORDER BY (project, minute, source, fate, reason)
TTL minute + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;
