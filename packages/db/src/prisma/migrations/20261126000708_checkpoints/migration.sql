-- Signed heads of the log of all chains. `root` is the Merkle root (RFC 9162) over the first `size` entries, `frontier` what it takes to append to them; `hash` covers all of it but
-- the signature, and `prev_hash` is the hash of the checkpoint before. Counts are of all so far: tasks and decisions that are covered, entries that erasures took.
CREATE TABLE checkpoint (
    number integer PRIMARY KEY CHECK (number > 0),
    time timestamptz(3) NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    root text NOT NULL,
    prev_hash text NOT NULL,
    tasks bigint NOT NULL,
    events bigint NOT NULL,
    erased bigint NOT NULL,
    key_id text NOT NULL,
    hash text NOT NULL,
    signature text NOT NULL,
    frontier bytea NOT NULL
);

-- What the tree's leaves say, in its order: how far a task's chain was (task, seq, hash), or that the entry at `erased_position` went with an erasure. Of an entry that an erasure
-- took its leaf alone stays.
CREATE TABLE checkpoint_entry (
    position bigint PRIMARY KEY CHECK (position >= 0),
    task_id uuid,
    seq integer,
    hash text,
    leaf bytea,
    erasure uuid,
    erased_position bigint,
    CHECK (CASE
        WHEN erased_position IS NOT NULL THEN num_nulls(erasure) = 0 AND num_nonnulls(task_id, seq, hash, leaf) = 0
        WHEN erasure IS NOT NULL THEN num_nulls(leaf) = 0 AND num_nonnulls(task_id, seq, hash) = 0
        ELSE num_nulls(task_id, seq, hash) = 0 AND num_nonnulls(leaf) = 0
    END)
);
CREATE UNIQUE INDEX checkpoint_entry_task_id_seq_key ON checkpoint_entry (task_id, seq);

-- What the next checkpoint has to cover: tasks with decisions, and entries that an erasure took. A row is written in the transaction of its news and taken away in that of the checkpoint:
-- a commit that becomes visible late is news for the next one.
CREATE TABLE checkpoint_news (
    task_id uuid,
    position bigint,
    erasure uuid,
    CHECK ((task_id IS NULL) = (position IS NOT NULL) AND (position IS NULL) = (erasure IS NULL))
);
INSERT INTO checkpoint_news (task_id) SELECT id FROM task;

-- Up to which checkpoint a target outside was told.
CREATE TABLE checkpoint_export (
    target text PRIMARY KEY,
    number integer NOT NULL
);

CREATE FUNCTION tell_checkpoint_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A restored backup brings its news along.
    IF current_setting('signalbox.restore', true) IS DISTINCT FROM 'on' THEN
        INSERT INTO checkpoint_news (task_id) SELECT DISTINCT task_id FROM added;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER decision_is_news AFTER INSERT ON decision REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_checkpoint_news();

-- Checkpoints stay. An erasure that names itself for the length of its transaction leaves of a task's entries their leaves.
CREATE FUNCTION checkpoint_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'checkpoints are append-only: % is refused', TG_OP;
END
$$;
CREATE FUNCTION checkpoint_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.position = OLD.position AND OLD.task_id IS NOT NULL AND NEW.task_id IS NULL
            AND NEW.erasure = NULLIF(current_setting('signalbox.erasure', true), '')::uuid AND NEW.erased_position IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'checkpoints are append-only: % is refused', TG_OP;
END
$$;
CREATE TRIGGER checkpoint_rows_stay BEFORE UPDATE OR DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION checkpoint_is_append_only();
CREATE TRIGGER checkpoint_table_stays BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION checkpoint_is_append_only();
CREATE TRIGGER checkpoint_entry_rows_stay BEFORE UPDATE OR DELETE ON checkpoint_entry FOR EACH ROW EXECUTE FUNCTION checkpoint_entry_is_append_only();
CREATE TRIGGER checkpoint_entry_table_stays BEFORE TRUNCATE ON checkpoint_entry FOR EACH STATEMENT EXECUTE FUNCTION checkpoint_is_append_only();
