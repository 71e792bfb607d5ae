-- When the last of a letter's telemetry was sent again; before, its item's run said that it was.
ALTER TABLE redrive_item ADD COLUMN sent_at timestamptz(3);
UPDATE redrive_item SET sent_at = redriven_at, run = NULL WHERE task_id IS NULL AND run IS NOT NULL;

-- A file of a client has one open letter, however many imports find it at once.
UPDATE dead_letter SET discarded_at = now(), discarded_by = 'signalbox', discard_reason = 'another letter is about the same file'
WHERE kind = 'ingest' AND minute IS NULL AND redriven_at IS NULL AND discarded_at IS NULL AND EXISTS (
    SELECT FROM dead_letter AS other
    WHERE other.kind = 'ingest' AND other.minute IS NULL AND other.redriven_at IS NULL AND other.discarded_at IS NULL AND other.project = dead_letter.project
        AND other.payload ->> 'sha256' = dead_letter.payload ->> 'sha256' AND other.id < dead_letter.id);
CREATE UNIQUE INDEX dead_letter_of_file ON dead_letter (project, (payload ->> 'sha256'))
    WHERE kind = 'ingest' AND minute IS NULL AND redriven_at IS NULL AND discarded_at IS NULL;
