-- A letter is given up for good by somebody, for a reason.
ALTER TABLE dead_letter
    ADD COLUMN discarded_at timestamptz(3),
    ADD COLUMN discarded_by text,
    ADD COLUMN discard_reason text,
    ADD CHECK ((discarded_at IS NULL) = (discarded_by IS NULL) AND (discarded_at IS NULL) = (discard_reason IS NULL));
-- What rules and bulk acts look for: letters that nobody has dealt with.
CREATE INDEX dead_letter_open ON dead_letter (project, fingerprint, last_failed_at) WHERE redriven_at IS NULL AND discarded_at IS NULL;

-- A task whose request was edited begins anew behind this step of its journal; what was done before stays on record.
ALTER TABLE task ADD COLUMN journal_from integer NOT NULL DEFAULT 0;

-- A redrive is a job of its own: its letters are chosen when it is made, and every move of it is one transaction.
CREATE TABLE redrive (
    id uuid PRIMARY KEY,
    project text NOT NULL,
    name text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    rule_id uuid,
    selection json NOT NULL,
    version json NOT NULL,
    rate_per_second double precision NOT NULL CHECK (rate_per_second > 0),
    try_first integer CHECK (try_first > 0),
    state text NOT NULL CHECK (state IN ('running', 'paused', 'stopped', 'done', 'aborted')),
    note text,
    tokens double precision NOT NULL,
    tokens_at timestamptz(3) NOT NULL,
    created_at timestamptz(3) NOT NULL,
    ended_at timestamptz(3),
    CHECK ((state IN ('done', 'aborted')) = (ended_at IS NOT NULL))
);
CREATE INDEX redrive_latest ON redrive (project, created_at DESC);
CREATE INDEX redrive_running ON redrive (created_at) WHERE state = 'running';
CREATE INDEX redrive_by_rule ON redrive (rule_id, created_at) WHERE rule_id IS NOT NULL;

CREATE TABLE redrive_item (
    redrive_id uuid NOT NULL REFERENCES redrive (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    position integer NOT NULL,
    letter_id uuid NOT NULL REFERENCES dead_letter (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    payload json,
    state text NOT NULL CHECK (state IN ('pending', 'running', 'passed', 'failed', 'skipped', 'released')),
    note text,
    run integer,
    next_letter_id uuid,
    redriven_at timestamptz(3),
    ended_at timestamptz(3),
    PRIMARY KEY (redrive_id, position)
);
-- A letter is redriven once: of two that want it the second is told of the first.
CREATE UNIQUE INDEX redrive_item_claim ON redrive_item (letter_id) WHERE state IN ('pending', 'running', 'passed', 'failed');
CREATE INDEX redrive_item_by_state ON redrive_item (redrive_id, state, position);
CREATE INDEX redrive_item_running ON redrive_item (task_id) WHERE state = 'running';
CREATE INDEX redrive_item_by_task ON redrive_item (task_id);

-- Letters that are redriven without a person, within a budget. A rule that was deleted stays on record.
CREATE TABLE redrive_rule (
    id uuid PRIMARY KEY,
    project text NOT NULL,
    name text NOT NULL,
    fingerprint text,
    error_class text,
    letters_max integer NOT NULL CHECK (letters_max > 0),
    minutes integer NOT NULL CHECK (minutes > 0),
    runs_max integer NOT NULL CHECK (runs_max > 0),
    reason text NOT NULL,
    actor text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    deleted_at timestamptz(3),
    CHECK (fingerprint IS NOT NULL OR error_class IS NOT NULL)
);
CREATE UNIQUE INDEX redrive_rule_name ON redrive_rule (project, name) WHERE deleted_at IS NULL;

-- While there is this row, workers take nothing new off the queue.
CREATE TABLE queue_pause (
    is_paused boolean PRIMARY KEY DEFAULT true CHECK (is_paused),
    actor text NOT NULL,
    reason text NOT NULL,
    paused_at timestamptz(3) NOT NULL
);

-- Who did what about dead letters, and why. Rows are added, never changed.
CREATE TABLE audit (
    id uuid PRIMARY KEY,
    project text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    detail json NOT NULL,
    time timestamptz(3) NOT NULL
);
CREATE INDEX audit_latest ON audit (project, time DESC);
CREATE INDEX audit_by_subject ON audit (subject, time);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only: % is refused', TG_OP;
END
$$;
CREATE TRIGGER audit_rows_stay BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_table_stays BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
