-- What limits of running tasks, and needs of endpoints, per project were to be kept in; nothing ever read or wrote it.
DROP TABLE task_slot;
DROP INDEX task_parked;
ALTER TABLE task DROP COLUMN is_parked;
ALTER TABLE project DROP COLUMN running_tasks_max, DROP COLUMN endpoint_needs;

-- Who changed which versions serve a project, and why: what they were before (null: any version) and after it. Rows are added, never changed.
CREATE TABLE routing_change (
    id uuid PRIMARY KEY,
    project text NOT NULL REFERENCES project (name) ON DELETE CASCADE ON UPDATE RESTRICT,
    changed_at timestamptz(3) NOT NULL,
    actor text NOT NULL,
    reason text,
    before json,
    after json
);
CREATE INDEX routing_change_latest ON routing_change (project, changed_at DESC);
