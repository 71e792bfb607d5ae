-- A kept verdict is never changed. It goes with its project alone.
CREATE FUNCTION gate_verdict_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM project WHERE name = OLD.project) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'kept verdicts are append-only: % is refused', TG_OP;
END
$$;
CREATE TRIGGER gate_verdicts_stay BEFORE UPDATE OR DELETE ON gate_verdict FOR EACH ROW EXECUTE FUNCTION gate_verdict_stays();
