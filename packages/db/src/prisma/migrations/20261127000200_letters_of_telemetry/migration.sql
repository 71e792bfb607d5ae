-- A letter is of a kind with its subject: a task with its chain of decisions, or telemetry that could not be taken in.
ALTER TABLE dead_letter ALTER COLUMN task_id DROP NOT NULL, ALTER COLUMN decision_seq DROP NOT NULL, ALTER COLUMN decision_hash DROP NOT NULL;
ALTER TABLE dead_letter ADD CONSTRAINT dead_letter_subject_check
    CHECK ((kind = 'task') = (task_id IS NOT NULL AND decision_seq IS NOT NULL AND decision_hash IS NOT NULL) AND (kind = 'task' OR task_id IS NULL));
ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_cause_check;
ALTER TABLE dead_letter ADD CONSTRAINT dead_letter_cause_check CHECK (cause IN (
    'attempts_exhausted', 'kills_worker', 'not_retryable', 'timed_out', 'refused', 'rejected', 'refused_by_store', 'unreadable_batch'));

-- Rejected records of a kind have one letter a minute, and another one where more come after somebody has dealt with it.
ALTER TABLE dead_letter ADD COLUMN minute timestamptz(3);
CREATE UNIQUE INDEX dead_letter_of_minute ON dead_letter (project, fingerprint, minute, run) WHERE minute IS NOT NULL;
CREATE INDEX dead_letter_ingest_latest ON dead_letter (last_failed_at DESC) WHERE kind = 'ingest';

-- What is redriven may be no task.
ALTER TABLE redrive_item ALTER COLUMN task_id DROP NOT NULL;
CREATE INDEX redrive_item_to_send ON redrive_item (redrive_id, position) WHERE state = 'running' AND task_id IS NULL;

-- While a project is named here, or nobody in particular (''), workers start none of its tasks.
CREATE TABLE queue_pause (
    project text PRIMARY KEY,
    actor text NOT NULL,
    reason text NOT NULL,
    paused_at timestamptz(3) NOT NULL
);
