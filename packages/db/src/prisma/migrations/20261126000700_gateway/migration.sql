ALTER TABLE task
    ADD COLUMN lane text NOT NULL DEFAULT 'interactive' CHECK (lane IN ('interactive', 'batch')),
    ADD COLUMN idempotency_key text,
    ADD COLUMN is_followed boolean NOT NULL DEFAULT false;
-- A key of a sender names one task for good.
CREATE UNIQUE INDEX task_idempotency_key ON task (project, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Who follows a task is told that its journal has grown; what was added, the journal says. A transaction that notifies waits at its commit for
-- every other one that does, so tasks that nobody follows notify nobody: for them this is one comparison of a row in hand.
CREATE FUNCTION tell_task_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('signalbox_task_progress', NEW.id::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER task_progress AFTER UPDATE ON task FOR EACH ROW
    WHEN (NEW.is_followed AND (NEW.head_seq, NEW.status, NEW.attempts) IS DISTINCT FROM (OLD.head_seq, OLD.status, OLD.attempts))
    EXECUTE FUNCTION tell_task_progress();

ALTER TABLE api_key
    ADD COLUMN expires_at timestamptz(3),
    DROP CONSTRAINT api_key_scopes_check,
    ADD CONSTRAINT api_key_scopes_check CHECK (cardinality(scopes) > 0 AND scopes <@ '{ingest,read,run,gate,admin}');

-- How much of its allowance a sender has used in the window that ends at `expire` (milliseconds since 1970), in the shape that rate-limiter-flexible
-- wants. It is nobody's record: a backup leaves its schema out, and after a crash of the server everybody starts anew.
CREATE SCHEMA signalbox_gateway;
CREATE UNLOGGED TABLE signalbox_gateway.rate_limit (
    key varchar(255) PRIMARY KEY,
    points integer NOT NULL DEFAULT 0,
    expire bigint
);
