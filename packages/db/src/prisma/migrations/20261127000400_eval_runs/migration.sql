-- A run of a dataset's items through a target. What it is asked to do (plan) is fixed when it begins, so that it can be taken up again as it was.
CREATE TABLE eval_run (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    name text NOT NULL,
    plan json NOT NULL,
    actor text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    ended_at timestamptz(3),
    note text
);
CREATE INDEX eval_run_latest ON eval_run (project, created_at DESC);

-- One try of an item: claimed before the target is asked, and written once when its answer has been scored.
CREATE TABLE eval_try (
    run_id uuid NOT NULL REFERENCES eval_run (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    position integer NOT NULL CHECK (position >= 0),
    trial integer NOT NULL CHECK (trial >= 0),
    state text NOT NULL CHECK (state IN ('claimed', 'answered', 'failed')),
    item_id text,
    unit text,
    input json,
    expected json,
    output json,
    error text,
    scores json,
    trace_id text,
    latency_ms double precision,
    cost_usd double precision,
    tokens integer,
    PRIMARY KEY (run_id, position, trial),
    CHECK (state = 'claimed' OR (item_id IS NOT NULL AND unit IS NOT NULL AND scores IS NOT NULL AND latency_ms IS NOT NULL))
);
CREATE INDEX eval_try_by_item ON eval_try (run_id, item_id, trial);
