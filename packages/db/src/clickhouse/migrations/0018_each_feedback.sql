-- Two that LangSmith's clients give of one name and from one source on one run are two, each with its id: the id is part of a score's identity. A sorting key
-- takes no column that is there already, so the rows move.
RENAME TABLE IF EXISTS scores TO scores_0017;

-- One score per trace or span, name and scorer, and of feedback per id; a later one replaces it. The projection has the scores of a name in the order in which
-- they were told: a list of traces that asks for a score reads those since its window begins, and not all there are.
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
ENGINE = ReplacingMergeTree(time)
ORDER BY (project, trace_id, span_id, name, scorer, feedback_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1, max_cleanup_delay_period = 60,
  deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

INSERT INTO scores (project, trace_id, span_id, name, value, label, explanation, scorer, time, received_at, source, feedback_id, feedback_run)
SELECT project, trace_id, span_id, name, value, label, explanation, scorer, time, received_at, source, feedback_id, feedback_run
FROM scores_0017 FINAL;

DROP TABLE IF EXISTS scores_0017;
