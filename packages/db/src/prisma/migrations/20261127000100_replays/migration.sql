-- Replays that somebody asked for, and what they came to. Who has `claimed_until` run out has died: another takes the replay up. With a `build` only its workers may.
CREATE TABLE replay (
    id uuid PRIMARY KEY,
    project text NOT NULL,
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    batch_id uuid,
    plan json NOT NULL,
    build text,
    status text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    claimed_until timestamptz(3),
    outcome text CHECK (outcome IN ('identical', 'diverged')),
    outcome_changed boolean,
    divergence json,
    cost_usd double precision,
    report json,
    error json,
    actor text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    started_at timestamptz(3),
    ended_at timestamptz(3),
    CHECK ((status = 'done') = (report IS NOT NULL)),
    CHECK ((status = 'failed') = (error IS NOT NULL)),
    CHECK ((status = 'running') = (claimed_until IS NOT NULL))
);
CREATE INDEX replay_by_task ON replay (task_id, created_at DESC);
CREATE INDEX replay_by_batch ON replay (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX replay_to_do ON replay (created_at, id) WHERE status IN ('pending', 'running');
