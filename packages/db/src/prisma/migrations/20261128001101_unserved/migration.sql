-- A task of a version that nobody has served for long is given up.
ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_cause_check;
ALTER TABLE dead_letter ADD CONSTRAINT dead_letter_cause_check CHECK (cause IN (
    'attempts_exhausted', 'kills_worker', 'not_retryable', 'timed_out', 'refused', 'unserved', 'rejected', 'refused_by_store', 'unreadable_batch'));
