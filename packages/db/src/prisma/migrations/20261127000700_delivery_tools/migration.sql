-- What is remembered of canaries that a delivery tool steers: its requests name a revision and no weight. A rollout judges one revision of a canary.
CREATE TABLE delivery_stage (
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    gate text NOT NULL,
    canary text NOT NULL,
    checksum text NOT NULL,
    rollout_id uuid NOT NULL,
    opened integer NOT NULL DEFAULT 0,
    bound_at timestamptz(3) NOT NULL,
    PRIMARY KEY (project, gate, canary, checksum)
);
CREATE UNIQUE INDEX delivery_stage_one_revision ON delivery_stage (project, gate, canary, rollout_id);

-- What delivery tools told of deployments.
CREATE TABLE delivery_event (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    gate text NOT NULL,
    source text NOT NULL,
    subject text NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    at timestamptz(3) NOT NULL
);
CREATE INDEX delivery_event_latest ON delivery_event (project, gate, at DESC);

-- Deployments of GitHub's that wait for a gate. A delivery that comes again, and one that was recorded and sent again, change nothing.
CREATE TABLE github_review (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    gate text NOT NULL,
    delivery_id text NOT NULL,
    repository text NOT NULL,
    run_id bigint NOT NULL,
    environment text NOT NULL,
    installation bigint NOT NULL,
    sha text NOT NULL,
    received_at timestamptz(3) NOT NULL,
    next_at timestamptz(3) NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    comments integer NOT NULL DEFAULT 0,
    told text,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'rejected', 'gone')),
    ended_at timestamptz(3)
);
CREATE UNIQUE INDEX github_review_delivery ON github_review (delivery_id);
CREATE UNIQUE INDEX github_review_once ON github_review (repository, run_id, environment);
CREATE INDEX github_review_due ON github_review (ended_at, next_at);
