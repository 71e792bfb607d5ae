-- A list of letters reads no payload and no attempts.
ALTER TABLE dead_letter
    ADD COLUMN task_name text GENERATED ALWAYS AS (payload ->> 'name') STORED,
    ADD COLUMN attempts_count integer GENERATED ALWAYS AS (json_array_length(attempts)) STORED;

-- Groups are summed from the index alone.
DROP INDEX dead_letter_by_group;
CREATE INDEX dead_letter_by_group ON dead_letter (project, fingerprint, last_failed_at DESC, id DESC) INCLUDE (first_failed_at, redriven_at, discarded_at);

-- Which letters wait for their turn in a redrive.
CREATE INDEX redrive_item_pending ON redrive_item (letter_id) WHERE state = 'pending';

-- When each version had its first dead letter.
CREATE TABLE failed_version (
    project text NOT NULL,
    version text NOT NULL,
    first_failed_at timestamptz(3) NOT NULL,
    PRIMARY KEY (project, version)
);
INSERT INTO failed_version
    SELECT project, version, min(first_failed_at) FROM dead_letter, unnest(versions) AS version GROUP BY project, version;
CREATE FUNCTION note_failed_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A backup brings this table along.
    IF current_setting('signalbox.restore', true) = 'on' THEN
        RETURN NULL;
    END IF;
    -- What is known is looked up, and not locked.
    INSERT INTO failed_version
        SELECT DISTINCT NEW.project, version, NEW.first_failed_at FROM unnest(NEW.versions) AS failed (version)
        WHERE NOT EXISTS (
            SELECT 1 FROM failed_version AS known
            WHERE known.project = NEW.project AND known.version = failed.version AND known.first_failed_at <= NEW.first_failed_at
        )
        ORDER BY version
    ON CONFLICT (project, version) DO UPDATE SET first_failed_at = LEAST(failed_version.first_failed_at, excluded.first_failed_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER dead_letter_versions AFTER INSERT ON dead_letter FOR EACH ROW EXECUTE FUNCTION note_failed_versions();

-- Redrives that are not over, however many were made since.
CREATE INDEX redrive_under_way ON redrive (project, created_at DESC) WHERE state IN ('running', 'paused', 'stopped');
