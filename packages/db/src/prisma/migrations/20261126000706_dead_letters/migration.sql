-- How an attempt was made and ended. What was written before has run beside others, for all that is known.
ALTER TABLE attempt ADD COLUMN is_alone boolean NOT NULL DEFAULT false, ADD COLUMN backoff_ms integer;
ALTER TABLE attempt DROP CONSTRAINT attempt_outcome_check;
ALTER TABLE attempt ADD CONSTRAINT attempt_outcome_check CHECK (outcome IN ('done', 'failed', 'lost', 'released'));

-- Where and how it failed. Of letters written before it is known what their last attempt says.
ALTER TABLE dead_letter ADD COLUMN kind text NOT NULL DEFAULT 'task' CHECK (kind IN ('task', 'ingest')),
    ADD COLUMN service text NOT NULL DEFAULT 'signalbox-agent',
    ADD COLUMN tool text,
    ADD COLUMN error_class text NOT NULL DEFAULT 'unknown',
    ADD COLUMN error_chain json NOT NULL DEFAULT '[]',
    ADD COLUMN frame text;
UPDATE dead_letter SET error_class = attempts -> -1 -> 'error' ->> 'class' WHERE attempts -> -1 -> 'error' ->> 'class' <> '';
ALTER TABLE dead_letter ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN service DROP DEFAULT, ALTER COLUMN error_class DROP DEFAULT, ALTER COLUMN error_chain DROP DEFAULT;
ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_cause_check;
ALTER TABLE dead_letter ADD CONSTRAINT dead_letter_cause_check CHECK (cause IN ('attempts_exhausted', 'kills_worker', 'not_retryable', 'timed_out', 'refused'));
