-- Up to when rejected telemetry has been looked through for letters. It was taken from the latest letter, which goes with time.
CREATE TABLE ingest_watermark (
    id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    looked_until timestamptz(3) NOT NULL
);
INSERT INTO ingest_watermark (looked_until)
SELECT max(last_failed_at) FROM dead_letter WHERE kind = 'ingest' AND minute IS NOT NULL HAVING max(last_failed_at) IS NOT NULL;
