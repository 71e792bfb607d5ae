-- What LangSmith's clients know a score by, empty for every other: the id of their feedback, and of the run that it is on.
ALTER TABLE scores ADD COLUMN IF NOT EXISTS feedback_id String CODEC(ZSTD(1));
ALTER TABLE scores ADD COLUMN IF NOT EXISTS feedback_run String CODEC(ZSTD(1));
