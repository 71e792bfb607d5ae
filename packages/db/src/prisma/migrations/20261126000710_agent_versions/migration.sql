CREATE TABLE agent_version (
    name text PRIMARY KEY,
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    build text NOT NULL,
    manifest json NOT NULL,
    registered_at timestamptz(3) NOT NULL,
    seen_at timestamptz(3)
);
CREATE UNIQUE INDEX agent_version_hash_key ON agent_version (hash);
CREATE INDEX agent_version_by_build ON agent_version (build, seen_at);

CREATE TABLE routing (
    project text PRIMARY KEY REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    stable text NOT NULL REFERENCES agent_version (name) ON DELETE RESTRICT ON UPDATE RESTRICT,
    candidate text REFERENCES agent_version (name) ON DELETE RESTRICT ON UPDATE RESTRICT,
    weight double precision NOT NULL CHECK (weight BETWEEN 0 AND 100),
    salt text NOT NULL,
    changed_at timestamptz(3) NOT NULL,
    changed_by text NOT NULL,
    CHECK (candidate <> stable),
    CHECK (candidate IS NOT NULL OR weight = 0)
);

-- Without a version any worker may serve a task. What unit was assigned is not repeated here: its session, its user or the task itself.
ALTER TABLE task
    ADD COLUMN version text,
    ADD COLUMN variant text CHECK (variant IN ('stable', 'candidate', 'named')),
    ADD COLUMN bucket integer,
    ADD COLUMN unit text CHECK (unit IN ('session', 'user', 'task')),
    ADD COLUMN is_parked boolean NOT NULL DEFAULT false;
CREATE INDEX task_exposure ON task (project, version, created_at) WHERE version IS NOT NULL;
CREATE INDEX task_parked ON task (project, created_at, id) WHERE is_parked;

ALTER TABLE project
    ADD COLUMN running_tasks_max integer CHECK (running_tasks_max > 0),
    ADD COLUMN endpoint_needs json;

-- A place among the tasks of a project that may run at once, where their number is limited.
CREATE TABLE task_slot (
    project text NOT NULL,
    slot integer NOT NULL CHECK (slot > 0),
    task_id uuid NOT NULL,
    taken_at timestamptz(3) NOT NULL,
    PRIMARY KEY (project, slot)
);
CREATE UNIQUE INDEX task_slot_task_id_key ON task_slot (task_id);
