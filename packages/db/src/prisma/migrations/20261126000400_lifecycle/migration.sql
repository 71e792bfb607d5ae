-- Who had whose telemetry erased, and what went: rows are added when an erasure begins, and completed when it is done. Of whom it was is kept as a digest, so that an erasure can be
-- proven to who knows the subject, and tells nobody else. The project may be gone.
CREATE TABLE erasure (
    id uuid PRIMARY KEY,
    project text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('trace', 'user', 'session', 'project')),
    subject_digest text NOT NULL CHECK (subject_digest ~ '^[0-9a-f]{64}$'),
    actor text NOT NULL,
    begun_at timestamptz(3) NOT NULL,
    done_at timestamptz(3),
    tables json
);
CREATE INDEX erasure_latest ON erasure (project, begun_at DESC);

-- For how many days a project's telemetry is kept; null is for ever.
ALTER TABLE project ADD COLUMN retention_days integer CHECK (retention_days > 0);
