-- The log still only grows, with one way out: an erasure that is on record and under way takes decisions along with the task that they are of. It names itself for the length of its
-- transaction. A part of a chain that went by itself is found out by whoever verifies the rest.
CREATE OR REPLACE FUNCTION decision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM erasure
        WHERE id = NULLIF(current_setting('signalbox.erasure', true), '')::uuid AND project = OLD.project AND done_at IS NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the decision log is append-only: % is refused', TG_OP;
END
$$;
