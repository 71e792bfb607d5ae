-- A project's way from one version to another, under a policy that is frozen when it begins. A project has one at a time.
CREATE TABLE rollout (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    gate text NOT NULL,
    policy json NOT NULL,
    policy_hash text NOT NULL,
    stable text NOT NULL REFERENCES agent_version (name) ON DELETE RESTRICT ON UPDATE RESTRICT,
    candidate text NOT NULL REFERENCES agent_version (name) ON DELETE RESTRICT ON UPDATE RESTRICT,
    phase text NOT NULL CHECK (phase IN ('running', 'paused', 'promoted', 'rolledBack', 'aborted')),
    step integer NOT NULL CHECK (step >= 0),
    step_started_at timestamptz(3) NOT NULL,
    started_at timestamptz(3) NOT NULL,
    started_by text NOT NULL,
    ended_at timestamptz(3),
    reason text NOT NULL,
    paused_by text CHECK (paused_by IN ('person', 'gate')),
    paused_at timestamptz(3),
    approved_step integer,
    retry_of uuid,
    looks integer NOT NULL DEFAULT 0,
    CHECK (candidate <> stable),
    CHECK ((phase IN ('running', 'paused')) = (ended_at IS NULL)),
    CHECK ((phase = 'paused') = (paused_by IS NOT NULL AND paused_at IS NOT NULL))
);
CREATE UNIQUE INDEX rollout_one_per_project ON rollout (project) WHERE ended_at IS NULL;
CREATE INDEX rollout_latest ON rollout (project, started_at DESC, id);
CREATE INDEX rollout_by_gate ON rollout (gate, candidate, started_at DESC);

-- What was decided about a rollout, in order, each sealed to the one before it. written_at is when the store took it, and with it what it changed of the routing.
CREATE TABLE rollout_entry (
    rollout_id uuid NOT NULL REFERENCES rollout (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    number integer NOT NULL CHECK (number >= 0),
    at timestamptz(3) NOT NULL,
    kind text NOT NULL CHECK (kind IN ('started', 'looked', 'stepped', 'paused', 'resumed', 'approved', 'promoted', 'rolledBack', 'aborted', 'retried')),
    actor text NOT NULL,
    reason text NOT NULL,
    step integer NOT NULL,
    weight double precision NOT NULL,
    looks integer NOT NULL,
    verdict json,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    written_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rollout_id, number)
);

-- When a rollout was looked at, and how many blocks of evidence there were.
CREATE TABLE rollout_look (
    rollout_id uuid NOT NULL REFERENCES rollout (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    number integer NOT NULL CHECK (number >= 0),
    at timestamptz(3) NOT NULL,
    blocks integer NOT NULL,
    waiting integer NOT NULL,
    crossed integer NOT NULL,
    ignored integer NOT NULL,
    PRIMARY KEY (rollout_id, number)
);

-- The evidence: each block once, in order.
CREATE TABLE rollout_block (
    rollout_id uuid NOT NULL REFERENCES rollout (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    number integer NOT NULL CHECK (number >= 0),
    look integer NOT NULL,
    block json NOT NULL,
    PRIMARY KEY (rollout_id, number)
);

-- A rollout's record only grows. It goes with its project alone.
CREATE FUNCTION rollout_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF TG_TABLE_NAME = 'rollout' THEN
            IF NOT EXISTS (SELECT 1 FROM project WHERE name = OLD.project) THEN RETURN OLD; END IF;
        ELSIF NOT EXISTS (SELECT 1 FROM rollout WHERE id = OLD.rollout_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the record of a rollout is append-only: % is refused', TG_OP;
END
$$;
CREATE TRIGGER rollout_stays BEFORE DELETE ON rollout FOR EACH ROW EXECUTE FUNCTION rollout_record_stays();
CREATE TRIGGER rollout_entries_stay BEFORE UPDATE OR DELETE ON rollout_entry FOR EACH ROW EXECUTE FUNCTION rollout_record_stays();
CREATE TRIGGER rollout_looks_stay BEFORE UPDATE OR DELETE ON rollout_look FOR EACH ROW EXECUTE FUNCTION rollout_record_stays();
CREATE TRIGGER rollout_blocks_stay BEFORE UPDATE OR DELETE ON rollout_block FOR EACH ROW EXECUTE FUNCTION rollout_record_stays();
