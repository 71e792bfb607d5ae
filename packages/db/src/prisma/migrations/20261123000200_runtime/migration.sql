CREATE TABLE task (
    id uuid PRIMARY KEY,
    project text NOT NULL,
    name text NOT NULL,
    world text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'dead')),
    request json NOT NULL,
    request_hash text NOT NULL,
    has_expectation boolean NOT NULL,
    trace_id text NOT NULL,
    session text,
    user_id text,
    tags text[] NOT NULL,
    run integer NOT NULL DEFAULT 1,
    attempts integer NOT NULL DEFAULT 0,
    head_seq integer NOT NULL,
    head_hash text NOT NULL,
    result json,
    error text,
    created_at timestamptz(3) NOT NULL,
    started_us bigint,
    finished_us bigint,
    CHECK ((status IN ('done', 'dead')) = (finished_us IS NOT NULL))
);
-- What the sweeper walks: tasks that should be somewhere in the queue.
CREATE INDEX task_unfinished ON task (created_at, id) WHERE status IN ('queued', 'running');
-- What the evaluations loop walks: finished tasks that something is known about.
CREATE INDEX task_to_evaluate ON task (finished_us, id) WHERE has_expectation AND status IN ('done', 'dead');

CREATE TABLE attempt (
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    attempt integer NOT NULL,
    run integer NOT NULL,
    worker text NOT NULL,
    version text NOT NULL,
    started_at timestamptz(3) NOT NULL,
    ended_at timestamptz(3),
    outcome text CHECK (outcome IN ('done', 'failed', 'lost')),
    error_class text,
    error_message text,
    PRIMARY KEY (task_id, attempt)
);

CREATE TABLE step (
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    step integer NOT NULL CHECK (step > 0),
    kind text NOT NULL,
    attempt integer NOT NULL,
    started_us bigint NOT NULL,
    finished_us bigint NOT NULL,
    input json NOT NULL,
    output json NOT NULL,
    provider text,
    model text,
    input_tokens integer,
    output_tokens integer,
    PRIMARY KEY (task_id, step)
);

CREATE TABLE decision (
    project text NOT NULL,
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    seq integer NOT NULL CHECK (seq >= 0),
    kind text NOT NULL,
    time timestamptz(3) NOT NULL,
    actor_service text NOT NULL,
    actor_version text NOT NULL,
    attempt integer NOT NULL,
    trace_id text NOT NULL,
    span_id text,
    chosen text NOT NULL,
    confidence double precision,
    reason text NOT NULL,
    detail json NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (task_id, seq)
);

-- The log only grows. Whoever switches the trigger off still cannot forge the chain without rewriting all that follows.
CREATE FUNCTION decision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the decision log is append-only: % is refused', TG_OP;
END
$$;
CREATE TRIGGER decision_rows_stay BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_is_append_only();
CREATE TRIGGER decision_table_stays BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION decision_is_append_only();

CREATE TABLE outbox (
    id bigserial PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('span', 'decision')),
    task_id uuid NOT NULL,
    position integer NOT NULL,
    refused_reason text
);

CREATE TABLE dead_letter (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    run integer NOT NULL,
    project text NOT NULL,
    cause text NOT NULL CHECK (cause IN ('attempts_exhausted', 'kills_worker', 'not_retryable')),
    fingerprint text NOT NULL,
    message text NOT NULL,
    payload json NOT NULL,
    attempts json NOT NULL,
    decision_seq integer NOT NULL,
    decision_hash text NOT NULL,
    trace_id text NOT NULL,
    versions text[] NOT NULL,
    first_failed_at timestamptz(3) NOT NULL,
    last_failed_at timestamptz(3) NOT NULL,
    redriven_at timestamptz(3)
);
CREATE UNIQUE INDEX dead_letter_task_id_run_key ON dead_letter (task_id, run);

CREATE TABLE memory_turn (
    project text NOT NULL,
    session text NOT NULL,
    turn_id text NOT NULL,
    position bigserial NOT NULL,
    role text NOT NULL,
    content text NOT NULL,
    expires_at timestamptz(3) NOT NULL,
    PRIMARY KEY (project, session, turn_id)
);
CREATE INDEX memory_turn_by_session ON memory_turn (project, session, position);
CREATE INDEX memory_turn_by_expiry ON memory_turn (expires_at);

CREATE TABLE evaluation (
    task_id uuid PRIMARY KEY REFERENCES task (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    reward integer NOT NULL CHECK (reward IN (0, 1)),
    data_matches boolean NOT NULL,
    outputs_match boolean NOT NULL,
    data_hash text NOT NULL,
    evaluated_at timestamptz(3) NOT NULL
);
